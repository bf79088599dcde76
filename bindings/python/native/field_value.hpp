// SPDX-License-Identifier: Apache-2.0
// Python values in the place of a column, or of a request's field.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/domain/date.hpp>

namespace xacthuc::python {

namespace nb = nanobind;

// A Python value that stands for all rows: xacthuc.literal(…) of a text or a number, a number, or a date.
struct value_for_all {
    std::string text;
    std::optional<date> day;
};
// Throws column_error when it is none of them, library_error for a date that no register has.
// `wanted` is what else may stand in its place.
[[nodiscard]] value_for_all value_of(nb::handle value, std::string_view field,
                                     std::string_view wanted = "the heading of a column");

}  // namespace xacthuc::python
