// SPDX-License-Identifier: Apache-2.0
// Key pairs that sign, as xacthuc keygen writes them, and what verifies one signature.
#pragma once

#include <nanobind/nanobind.h>

namespace xacthuc::python {

namespace nb = nanobind;

// Adds SigningKey, load_signing_public_key() and ed25519_verify().
void define_signing_keys(nb::module_& module);

}  // namespace xacthuc::python
