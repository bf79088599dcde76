// SPDX-License-Identifier: Apache-2.0
// A table of another library, taken in by the Arrow PyCapsule interface batch by batch; nothing is copied.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arrow_owner.hpp"
#include "columns/arrow_rows.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

using columns::arrow_column;
using columns::batch_rows;
using columns::column_type;

// Some rows of a table: one record batch. Released with the interpreter lock held.
class arrow_batch {
  public:
    explicit arrow_batch(arrow_owner<ArrowArray> array) noexcept : array_{std::move(array)} {}

    [[nodiscard]] std::int64_t rows() const noexcept { return array_->length; }
    // Throws arrow_error when it is not one of a table with so many columns. Requires: the batch stays where it is.
    [[nodiscard]] batch_rows view(std::size_t columns) const { return {*array_, columns}; }

  private:
    arrow_owner<ArrowArray> array_;
};

class arrow_table {
  public:
    // Takes over the stream or the array that `from` hands out. Throws column_error when it hands out neither, or not a
    // table; arrow_error; whatever `from` throws.
    explicit arrow_table(nb::handle from);

    [[nodiscard]] std::size_t columns() const noexcept { return schema_.names.size(); }
    // Of the columns of this very heading; or, where there are none, of those whose headings read the same, in whatever
    // case, marks and Unicode form.
    [[nodiscard]] std::vector<std::size_t> positions(std::string_view heading) const;
    [[nodiscard]] const column_type& type(std::size_t column) const { return schema_.types[column]; }
    [[nodiscard]] const std::string& name(std::size_t column) const { return schema_.names[column]; }

    // The next batches with rows in them, together at least rows_wanted unless the table ends before; none when it has
    // ended. The interpreter lock is released while the other library works. Throws arrow_error.
    [[nodiscard]] std::vector<arrow_batch> next(std::int64_t rows_wanted);

  private:
    arrow_owner<ArrowArrayStream> stream_;
    arrow_owner<ArrowArray> only_;  // where one array is all there is
    bool is_reader_ = false;        // of rows that can be read once
    bool is_begun_ = false;         // some batch has come
    columns::table_schema schema_;
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
