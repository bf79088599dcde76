// SPDX-License-Identifier: Apache-2.0
// Texts of ours as Python's.
#pragma once

#include <nanobind/nanobind.h>

#include <string_view>

namespace xacthuc::python {

[[nodiscard]] inline nanobind::str python_text(std::string_view text) {
    return nanobind::str{text.data(), text.size()};
}

}  // namespace xacthuc::python
