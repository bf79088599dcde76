// SPDX-License-Identifier: Apache-2.0
// Answers and counts as plain values, for pickle and for tokens, and made of them again. A register goes by its path
// instead; prepared requests do not go at all, for there are numbers of people in them.
#pragma once

#include <nanobind/nanobind.h>

#include "answers.hpp"
#include "counts.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// What the makers below take.
[[nodiscard]] nb::tuple values_of(const answers& from);
[[nodiscard]] nb::tuple values_of(const counts& from);

// Adds answers_of_values() and counts_of_values(). Both throw argument_error when the values are none of these.
void define_pickling(nb::module_& module);

}  // namespace xacthuc::python
