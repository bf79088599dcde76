// SPDX-License-Identifier: Apache-2.0
// From the rows of a table to what they say: which column holds which field, and what is the same for all rows. For
// requests (request_field, claim_set) and for citizens (citizen_field, citizen).
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "arrow_table.hpp"
#include "errors.hpp"
#include "field_cells.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// A row of which no request, or no citizen, could be made.
struct row_problem {
    std::uint64_t row = 0;
    std::string_view field;  // by its name; empty for the row as a whole
    int code = 0;
};

// Reads the cell of one row into its field; a null changes nothing.
template <class Field, class Target>
[[nodiscard]] boost::system::error_code put_cell(Field field, const arrow_column& column, std::int64_t row,
                                                 Target& into) {
    const auto error_of = [](const result<void>& done) { return done ? boost::system::error_code{} : done.error(); };
    const auto& type = column.type();
    if (type.is_text()) {
        const auto text = column.text(row);
        return text ? error_of(set_field(field, *text, into)) : boost::system::error_code{};
    }
    if (type.is_date()) {
        const auto days = column.days(row);
        return days ? error_of(set_day(field, day_of(*days), into)) : boost::system::error_code{};
    }
    if (type.values == column_type::storage::null) return {};
    if (type.values == column_type::storage::boolean) {
        const auto value = column.boolean(row);
        return value ? error_of(set_field(field, *value ? "1" : "0", into)) : boost::system::error_code{};
    }
    const auto value = column.integer(row);
    if (!value) return {};
    code_text text;
    if (field != Field::id) return error_of(set_field(field, text.of(*value), into));
    const auto id = id_of_number(*value);
    if (id) into.id = *id;
    return id ? boost::system::error_code{} : id.error();
}

// Field is an enumeration with an `id`, for which there are to_string(), kind_of(), set_field() and set_day().
template <class Field, class Target>
class table_columns {
  public:
    // arguments: what the keyword of each field was given, in the order of their numbers, None where nothing was.
    // Throws column_error when a column is missing or holds nothing of the kind, library_error when a value for all
    // rows is not one of its field's.
    table_columns(const arrow_table& table, std::span<const nb::object> arguments) {
        if (arguments.empty() || arguments[0].is_none())
            throw column_error{"id: wanted the name of the column of personal ids"};
        for (std::size_t i = 0; i < arguments.size(); ++i) {
            const auto field = static_cast<Field>(i);
            if (nb::isinstance<nb::str>(arguments[i])) {
                add_column(table, field, nb::cast<std::string>(arguments[i]));
            } else if (!arguments[i].is_none()) {
                add_value(field, arguments[i]);
            }
        }
    }

    // The columns of one batch. Borrows the batch and the plan.
    // Concurrency: any thread may read any rows.
    class rows {
      public:
        rows(const table_columns& plan, const arrow_table& table, const arrow_batch& batch)
            : plan_{&plan}, batch_{&batch} {
            cells_.reserve(plan.columns_.size());
            for (const auto& [field, position] : plan.columns_)
                cells_.push_back({field, batch.column(position, table.type(position), table.name(position))});
        }

        // What the row says, or false and why it says nothing. Its texts are views of the batch.
        [[nodiscard]] bool read(std::int64_t row, Target& into, row_problem& problem) const {
            into = plan_->for_all_;
            problem = {static_cast<std::uint64_t>(row), to_string(Field::id),
                       static_cast<int>(errc::personal_id_length)};
            if (batch_->is_null(row)) return false;
            for (const auto& [field, column] : cells_) {
                if (const auto error = put_cell(field, column, batch_->first_row() + row, into)) {
                    problem.field = to_string(field);
                    problem.code = error.value();
                    return false;
                }
            }
            return into.id.value() != 0;
        }

      private:
        struct cells {
            Field field;
            arrow_column column;
        };
        const table_columns* plan_;
        const arrow_batch* batch_;
        std::vector<cells> cells_;
    };

  private:
    void add_column(const arrow_table& table, Field field, std::string_view name) {
        const auto position = table.position(name);
        check_column(table.type(position), table.name(position), kind_of(field), to_string(field));
        columns_.push_back({field, position});
    }

    void add_value(Field field, nb::handle value) {
        const auto given = value_of(value, to_string(field));
        if (given.day && kind_of(field) != field_kind::day)
            throw column_error{std::string{to_string(field)} + ": a date is none of its values"};
        const auto done = given.day ? set_day(field, *given.day, for_all_)
                                    : set_field(field, texts_.emplace_back(given.text), for_all_);
        if (!done) throw library_error{done.error(), std::string{to_string(field)}};
    }

    struct column {
        Field field;
        std::size_t position;
    };
    std::vector<column> columns_;
    Target for_all_{};
    std::deque<std::string> texts_;  // what for_all_ has views of
};

}  // namespace xacthuc::python
