// SPDX-License-Identifier: Apache-2.0
// The rows of a table as citizens.
#pragma once

#include <array>
#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/record.hpp>

#include "table_columns.hpp"

namespace xacthuc::python {

// What the keywords of build() were given.
struct citizen_arguments {
    std::array<nb::object, citizen_field_count> fields;
    nb::object ignore;

    [[nodiscard]] column_arguments columns() const { return {citizen_headings, fields, ignore}; }
};

using citizen_columns = table_columns<citizen_field, citizen>;

// The record of one row, or false and why there is none.
[[nodiscard]] bool make_record(const citizen_columns::rows& rows, std::int64_t row, const digest_key& key, record& into,
                               row_problem& problem);

}  // namespace xacthuc::python
