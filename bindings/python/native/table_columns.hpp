// SPDX-License-Identifier: Apache-2.0
// From the rows of a table to what they say: which column holds which field, and what is the same for all rows. For
// requests (request_field, claim_set) and for citizens (citizen_field, citizen).
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>

#include "arrow_table.hpp"
#include "column_choice.hpp"
#include "columns/field_problem.hpp"
#include "columns/row_cells.hpp"
#include "errors.hpp"
#include "field_value.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

using columns::check_column;
using columns::code_of;
using columns::field_kind;
using columns::kind_of;
using columns::put_text;
using columns::set_day;

// A row of which no request, or no citizen, could be made.
struct row_problem {
    std::uint64_t row = 0;
    std::string_view field;  // by its name; empty for the row as a whole
    int code = 0;
};

template <class Field>
[[nodiscard]] row_problem problem_at(std::uint64_t row, const columns::field_problem<Field>& why) noexcept {
    return {row, why.name(), why.code};
}

// Field is an enumeration with an `id`, for which there are to_string(), kind_of(), set_field() and set_day().
template <class Field, class Target>
class table_columns {
  public:
    // Throws what choose_columns() does; column_error when a column holds nothing of the kind; library_error when a
    // value for all rows is not one of its field's.
    table_columns(const arrow_table& table, const column_arguments& how) {
        for (std::size_t i = 0; i < how.keywords.size(); ++i) {
            const auto& given = how.keywords[i];
            if (!given.is_none() && !nb::isinstance<nb::str>(given)) add_value(static_cast<Field>(i), given);
        }
        for (const auto& [field, position] : choose_columns(table, how))
            add_column(table, static_cast<Field>(field), position);
    }

    // Bit i of it: whether field i has a column, or a value for all rows.
    [[nodiscard]] std::uint32_t fields() const noexcept { return fields_; }

    // The columns of one batch. Borrows the batch and the plan.
    // Concurrency: any thread may read any rows.
    class rows {
      public:
        rows(const table_columns& plan, const arrow_table& table, const arrow_batch& batch)
            : plan_{&plan}, cells_{batch.view(table.columns())} {
            const auto view = batch.view(table.columns());
            for (const auto& [field, position] : plan.columns_)
                cells_.add(field, view.column(position, table.type(position), table.name(position)));
        }

        // What every row says.
        [[nodiscard]] const Target& for_all() const noexcept { return plan_->for_all_; }
        // Adds what the row says, or returns false and why it says nothing. Its texts are views of the batch. Requires:
        // `into` is a copy of for_all().
        [[nodiscard]] bool read(std::int64_t row, Target& into, row_problem& problem) const {
            const auto why = cells_.read(row, into);
            if (why) problem = problem_at(static_cast<std::uint64_t>(row), why);
            return !why;
        }

      private:
        const table_columns* plan_;
        columns::row_cells<Field, Target> cells_;
    };

  private:
    void add_column(const arrow_table& table, Field field, std::size_t position) {
        check_column(table.type(position), table.name(position), kind_of(field), to_string(field));
        columns_.push_back({field, position});
        fields_ |= 1U << static_cast<unsigned>(field);
    }

    void add_value(Field field, nb::handle value) {
        const auto given = value_of(value, to_string(field));
        if (given.day && kind_of(field) != field_kind::day)
            throw column_error{std::string{to_string(field)} + ": a date is none of its values"};
        const auto done = given.day ? set_day(field, *given.day, for_all_)
                                    : set_field(field, texts_.emplace_back(given.text), for_all_);
        if (!done) throw library_error{done.error(), std::string{to_string(field)}};
        fields_ |= 1U << static_cast<unsigned>(field);
    }

    struct column {
        Field field;
        std::size_t position;
    };
    std::vector<column> columns_;
    std::uint32_t fields_ = 0;
    Target for_all_{};
    std::list<std::string> texts_;  // what for_all_ has views of; they stay where they are
};

}  // namespace xacthuc::python
