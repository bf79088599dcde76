// SPDX-License-Identifier: Apache-2.0
// Rows that could not be taken, as Python sees them.
#pragma once

#include <nanobind/nanobind.h>

#include <algorithm>
#include <cstddef>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "arguments.hpp"
#include "interpreter.hpp"
#include "python_text.hpp"
#include "request_columns.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// The first `limit` of them as xacthuc.verdict.Problem. Throws argument_error when it is no number.
[[nodiscard]] inline nb::list problem_list_of(const std::vector<row_problem>& from, nb::handle wanted) {
    const auto limit = whole_number(wanted, "limit", 0, UINT64_MAX);
    const auto make = from_module("xacthuc.verdict", "Problem");
    nb::list made;
    for (std::size_t i = 0; i < std::min<std::uint64_t>(limit, from.size()); ++i) {
        const auto& one = from[i];
        made.append(call_python(make, one.row, python_text(one.field), one.code,
                                make_error_code(static_cast<errc>(one.code)).message().c_str()));
    }
    return made;
}

}  // namespace xacthuc::python
