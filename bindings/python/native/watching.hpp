// SPDX-License-Identifier: Apache-2.0
// Guards as Python holds them: what askers have used up, and what looks like an attack.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <xacthuc/guard/guards.hpp>

namespace xacthuc::python {

namespace nb = nanobind;

// Shared with the registers that they watch.
struct open_guards {
    std::shared_ptr<guards> value;
};

void define_guards(nb::module_& module);

}  // namespace xacthuc::python
