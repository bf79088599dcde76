// SPDX-License-Identifier: Apache-2.0
// One request by itself, its fields given as values and not as columns.
#pragma once

#include <nanobind/nanobind.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <xacthuc/domain/request_field.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/ledger/ledger.hpp>

#include "policy.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

class open_register;

// A verdict as Python's xacthuc.Verdict, and where the ledger has its row.
[[nodiscard]] nb::object verdict_object(const verdict& one, const std::optional<ledger_place>& place);

// Answers one request of these values, None where nothing is claimed. Requires: the interpreter lock is held; it is not
// given away, for that would take longer than the answer.
// Throws field_error when a value is not one of its field's, or the request as a whole is none; column_error for a
// value of another type.
[[nodiscard]] nb::object answer_one(const open_register& from,
                                    const std::array<nb::object, request_field_count>& values, nb::handle require,
                                    const call_record& how);

}  // namespace xacthuc::python
