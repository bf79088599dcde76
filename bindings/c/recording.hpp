// SPDX-License-Identifier: Apache-2.0
// The ledger that a register's answers leave rows in.
#pragma once

#include <utility>
#include <xacthuc/ledger/shared_ledger.hpp>

namespace xacthuc::c {

// A ledger, and whether answers are told only when their rows are published.
struct recording {
    explicit recording(ledger&& of, bool is_required_) : value{std::move(of)}, is_required{is_required_} {}

    shared_ledger value;
    bool is_required;
};

}  // namespace xacthuc::c
