// SPDX-License-Identifier: Apache-2.0
// Ed25519 signatures of whole columns.
#pragma once

#include <nanobind/nanobind.h>

namespace xacthuc::python {

namespace nb = nanobind;

// Adds ed25519_verify_batch() and ed25519_kernel().
void define_signatures(nb::module_& module);

}  // namespace xacthuc::python
