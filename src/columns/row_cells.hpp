// SPDX-License-Identifier: Apache-2.0
// From the cells of a row to what they say. For requests (request_field, claim_set) and for citizens (citizen_field,
// citizen); cells are read as the command, the interface for C and the Python package read them.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>

#include "columns/arrow_rows.hpp"
#include "columns/field_cells.hpp"

namespace xacthuc::inline v0_1::columns {

// The code of an error, 0 of none.
template <class T>
[[nodiscard]] int code_of(const result<T>& done) noexcept {
    return done ? 0 : done.error().value();
}

// As set_field(), without the way through it for the fields that nearly every table has.
template <class Field, class Target>
[[nodiscard]] int put_text(Field field, std::string_view text, Target& into) noexcept {
    if constexpr (std::is_same_v<Target, claim_set>) {
        if (field == Field::name && !text.empty() && !into.name) {
            into.name = text;
            return 0;
        }
        if (field == Field::birth_date && !text.empty()) {
            const auto day = date::parse(text);
            if (day) into.birth_date = *day;
            return code_of(day);
        }
        if (field == Field::sex && !text.empty()) {
            const auto value = parse_sex(text);
            if (value) into.sex = *value;
            return code_of(value);
        }
    }
    if (field == Field::id) {
        const auto id = personal_id::parse(text);
        if (id) into.id = *id;
        return code_of(id);
    }
    return code_of(set_field(field, text, into));
}

// Reads a cell that is no text into its field; a null changes nothing. Returns the code of an error, 0 of none.
template <class Field, class Target>
[[nodiscard]] int put_value(Field field, const arrow_column& column, std::int64_t row, Target& into) {
    const auto& type = column.type();
    if (type.is_date()) {
        const auto days = column.days(row);
        return days ? code_of(set_day(field, day_of(*days), into)) : 0;
    }
    if (type.values == column_type::storage::null) return 0;
    if (type.values == column_type::storage::boolean) {
        const auto value = column.boolean(row);
        return value ? code_of(set_field(field, *value ? "1" : "0", into)) : 0;
    }
    const auto value = column.integer(row);
    if (!value) return 0;
    code_text text;
    if (field != Field::id) return code_of(set_field(field, text.of(*value), into));
    const auto id = id_of_number(*value);
    if (id) into.id = *id;
    return code_of(id);
}

// Why a row says nothing, and of which field that is told; a code of 0: nothing is wrong.
template <class Field>
struct cell_problem {
    int code = 0;
    Field field{};
};

// The columns of one batch that hold fields. Field is an enumeration with an `id`, for which there are kind_of(),
// set_field() and set_day(). Borrows the batch and the types.
// Concurrency: any thread may read any rows.
template <class Field, class Target>
class row_cells {
  public:
    explicit row_cells(const batch_rows& batch) noexcept : batch_{batch} {}

    void add(Field field, arrow_column&& column) { cells_.push_back({field, std::move(column)}); }

    // Adds what the row says. Its texts are views of the batch. Throws arrow_error.
    [[nodiscard]] cell_problem<Field> read(std::int64_t row, Target& into) const {
        if (batch_.is_null(row)) return {static_cast<int>(errc::personal_id_length), Field::id};
        const auto at = batch_.first() + row;
        for (const auto& [field, column] : cells_) {
            int code = 0;
            if (!column.is_text()) {
                code = put_value(field, column, at, into);
            } else if (const auto text = column.text(at)) {
                code = put_text(field, *text, into);
            }
            if (code != 0) [[unlikely]]
                return {code, field};
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
