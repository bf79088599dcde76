// SPDX-License-Identifier: Apache-2.0
// Ledgers as Python holds them.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>

#include "policy.hpp"
#include "recording.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

struct ledger_handle {
    std::shared_ptr<open_ledger> value;
};

// Throws argument_error when it is no ledger.
[[nodiscard]] std::shared_ptr<open_ledger> ledger_of(const nb::object& from);
// What a call was told of the ledger: None is none. Throws argument_error.
[[nodiscard]] call_record call_record_of(const nb::object& ledger, const nb::object& officer);

void define_ledger(nb::module_& module);

}  // namespace xacthuc::python
