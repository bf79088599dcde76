// SPDX-License-Identifier: Apache-2.0
// From the cells of a row to what they say. For requests (request_field, claim_set) and for citizens (citizen_field,
// citizen); cells are read as the command, the interface for C and the Python package read them.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>

#include "columns/arrow_rows.hpp"
#include "columns/field_cells.hpp"
#include "columns/field_problem.hpp"
#include "columns/made_row.hpp"

namespace xacthuc::inline v0_1::columns {

// Reads a cell that is no text into its field; a null changes nothing.
template <class Field, class Target>
[[nodiscard]] field_problem<Field> put_value(Field field, const arrow_column& column, std::int64_t row, Target& into) {
    const auto& type = column.type();
    if (type.is_date()) {
        const auto days = column.days(row);
        return days ? problem_of(field, code_of(set_day(field, day_of(*days), into))) : field_problem<Field>{};
    }
    if (type.values == column_type::storage::null) return {};
    if (type.values == column_type::storage::boolean) {
        const auto value = column.boolean(row);
        return value ? put_text(field, *value ? "1" : "0", into) : field_problem<Field>{};
    }
    const auto value = column.integer(row);
    if (!value) return {};
    code_text text;
    if (field != Field::id) return put_text(field, text.of(*value), into);
    const auto id = id_of_number(*value);
    if (id) into.id = *id;
    return problem_of(field, code_of(id));
}

// The columns of one batch that hold fields. Field is an enumeration with an `id`, for which there are kind_of(),
// set_field() and set_day(). Borrows the batch and the types.
// Concurrency: any thread may read any rows.
template <class Field, class Target>
class row_cells {
  public:
    explicit row_cells(const batch_rows& batch) noexcept : batch_{batch} {}

    void add(Field field, arrow_column&& column) { cells_.push_back({field, std::move(column)}); }

    // Adds what the row says. Its texts are views of the batch. Throws arrow_error.
    [[nodiscard]] field_problem<Field> read(std::int64_t row, Target& into) const {
        if (batch_.is_null(row)) return {static_cast<int>(errc::personal_id_length), Field::id};
        const auto at = batch_.first() + row;
        for (const auto& [field, column] : cells_) {
            field_problem<Field> problem;
            if (!column.is_text()) {
                problem = put_value(field, column, at, into);
            } else if (const auto text = column.text(at)) {
                problem = put_text(field, *text, into);
            }
            if (problem) [[unlikely]]
                return problem;
        }
        if (into.id.value() != 0) return {};
        return {static_cast<int>(errc::personal_id_length), Field::id};
    }

  private:
    struct cell {
        Field field;
        arrow_column column;
    };
    batch_rows batch_;
    std::vector<cell> cells_;
};

}  // namespace xacthuc::inline v0_1::columns
