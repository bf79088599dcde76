// SPDX-License-Identifier: Apache-2.0
// A table of another library, taken in by the Arrow PyCapsule interface batch by batch; nothing is copied.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "arrow_abi.hpp"
#include "arrow_column.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// Some rows of a table: one record batch. Released with the interpreter lock held.
class arrow_batch {
  public:
    // Throws arrow_error when the array is not one of a table with so many columns.
    arrow_batch(arrow_owner<ArrowArray> array, std::size_t columns);

    [[nodiscard]] std::int64_t rows() const noexcept { return array_->length; }
    // The column's cells, from the first row on.
    [[nodiscard]] arrow_column column(std::size_t position, const column_type& type, const std::string& name) const;
    // Row 0 of the batch is this row of its columns.
    [[nodiscard]] std::int64_t first_row() const noexcept { return array_->offset; }
    // Whether the row as a whole is null, as a row of a sliced struct array may be.
    [[nodiscard]] bool is_null(std::int64_t row) const noexcept;

  private:
    arrow_owner<ArrowArray> array_;
};

class arrow_table {
  public:
    // Takes over the stream or the array that `from` hands out. Throws column_error when it hands out neither, or not a
    // table; arrow_error; whatever `from` throws.
    explicit arrow_table(nb::handle from);

    [[nodiscard]] std::size_t columns() const noexcept { return names_.size(); }
    // Of the columns of this very heading; or, where there are none, of those whose headings read the same, in whatever
    // case, marks and Unicode form.
    [[nodiscard]] std::vector<std::size_t> positions(std::string_view heading) const;
    [[nodiscard]] const column_type& type(std::size_t column) const { return types_[column]; }
    [[nodiscard]] const std::string& name(std::size_t column) const { return names_[column]; }

    // The next batches with rows in them, together at least rows_wanted unless the table ends before; none when it has
    // ended. The interpreter lock is released while the other library works. Throws arrow_error.
    [[nodiscard]] std::vector<arrow_batch> next(std::int64_t rows_wanted);

  private:
    void read_schema(const ArrowSchema& schema);

    arrow_owner<ArrowArrayStream> stream_;
    arrow_owner<ArrowArray> only_;  // where one array is all there is
    bool is_reader_ = false;        // of rows that can be read once
    bool is_begun_ = false;         // some batch has come
    std::vector<std::string> names_;
    std::vector<column_type> types_;
};

// One column by itself, such as an Arrow array or a series.
class arrow_series {
  public:
    // As arrow_table's.
    explicit arrow_series(nb::handle from, std::string name);
    arrow_series(const arrow_series&) = delete;
    arrow_series& operator=(const arrow_series&) = delete;

    [[nodiscard]] const column_type& type() const noexcept { return type_; }
    struct chunk {
        arrow_column cells;
        std::int64_t rows;
    };
    [[nodiscard]] const std::vector<chunk>& chunks() const noexcept { return chunks_; }
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

  private:
    column_type type_;
    std::vector<arrow_owner<ArrowArray>> arrays_;
    std::vector<chunk> chunks_;
    std::int64_t rows_ = 0;
};

// Whether it has a method of the Arrow PyCapsule interface.
[[nodiscard]] bool speaks_arrow(nb::handle what);

}  // namespace xacthuc::python
