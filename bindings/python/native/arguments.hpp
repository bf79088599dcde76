// SPDX-License-Identifier: Apache-2.0
// Arguments of calls as Python gives them, and what is said when they are none of those wanted. Values are never
// repeated in it: they may be a person's.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace xacthuc::python {

namespace nb = nanobind;

// A whole number from least to most; a bool is none. Throws argument_error.
[[nodiscard]] std::uint64_t whole_number(nb::handle from, std::string_view argument, std::uint64_t least,
                                         std::uint64_t most);
// Of a str, bytes or anything with __fspath__(). nanobind's own conversion ends the process where memory lacks. Throws
// what Python raises, bad_alloc.
[[nodiscard]] std::filesystem::path path_of(nb::handle from);
// True or False, and nothing that only counts as one. Throws argument_error.
[[nodiscard]] bool true_or_false(nb::handle from, std::string_view argument);

// Throws argument_error, which names the keywords that there are, when some are given that are none of them.
void refuse_others(const nb::kwargs& others, std::string_view call, std::string_view known);

}  // namespace xacthuc::python
