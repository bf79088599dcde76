// SPDX-License-Identifier: Apache-2.0
// Which column of a table holds which field: the one that a keyword names, or the one whose heading says so. A column
// that is neither taken nor left out on purpose is an error, for nobody would notice what it holds to be missing.
#pragma once

#include <nanobind/nanobind.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/domain/heading.hpp>

#include "arrow_table.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

struct chosen_column {
    std::size_t field;
    std::size_t position;
};

// What a call says about columns.
struct column_arguments {
    std::span<const heading> fields;       // what each field is called; the first is the id
    std::span<const nb::object> keywords;  // what each field's keyword was given, None where nothing was
    nb::handle ignore;                     // headings to leave out; or True, for all that no keyword names
    std::span<const std::size_t> kept{};   // places of columns that somebody else uses: they may hold no field
};

// In the order of their fields. Messages quote what the caller wrote, and a heading only where it cannot be a cell: the
// first row of a table without headings is a person's.
// Throws column_error: a column that is named is missing, or there twice; two are for one field; one is neither used
// nor left out; there is none for the id. argument_error: ignore is neither.
[[nodiscard]] std::vector<chosen_column> choose_columns(const arrow_table& table, const column_arguments& how);

// A Python text, also one with halves of characters in it, which are no UTF-8 then.
[[nodiscard]] std::string text_of(nb::handle text);

}  // namespace xacthuc::python
