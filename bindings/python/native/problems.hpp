// SPDX-License-Identifier: Apache-2.0
// Rows that could not be taken, as Python sees them.
#pragma once

#include <nanobind/nanobind.h>

#include <algorithm>
#include <cstddef>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "python_text.hpp"
#include "request_columns.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// The first `limit` of them as xacthuc.verdict.Problem.
[[nodiscard]] inline nb::list problem_list_of(const std::vector<row_problem>& from, std::size_t limit) {
    const auto make = nb::module_::import_("xacthuc.verdict").attr("Problem");
    nb::list made;
    for (std::size_t i = 0; i < std::min(limit, from.size()); ++i) {
        const auto& one = from[i];
        made.append(make(one.row, python_text(one.field), one.code,
                         make_error_code(static_cast<errc>(one.code)).message().c_str()));
    }
    return made;
}

}  // namespace xacthuc::python
