// SPDX-License-Identifier: Apache-2.0
// The schema of an Arrow table and the rows of one of its batches, both another program's and checked as far as they
// can be. Nothing is copied but headings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "columns/arrow_column.hpp"

namespace xacthuc::inline v0_1::columns {

// The headings and types of a table's columns.
struct table_schema {
    std::vector<std::string> names;
    std::vector<column_type> types;

    // Throws arrow_error; column_error when it is no table's.
    [[nodiscard]] static table_schema of(const ArrowSchema& schema);
};

// One record batch. Borrows it.
class batch_rows {
  public:
    // Throws arrow_error when the array is not one of a table with so many columns.
    batch_rows(const ArrowArray& array, std::size_t columns);

    [[nodiscard]] std::int64_t count() const noexcept { return array_->length; }
    // The column's cells, from the first row on. Throws arrow_error.
    [[nodiscard]] arrow_column column(std::size_t position, const column_type& type, const std::string& name) const;
    // Row 0 of the batch is this row of its columns.
    [[nodiscard]] std::int64_t first() const noexcept { return array_->offset; }
    // Whether the row as a whole is null, as a row of a sliced struct array may be.
    [[nodiscard]] bool is_null(std::int64_t row) const noexcept;

  private:
    const ArrowArray* array_;
};

}  // namespace xacthuc::inline v0_1::columns
