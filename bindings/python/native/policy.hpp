// SPDX-License-Identifier: Apache-2.0
// A policy as Python holds it, and what a register's calls are judged by.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/engine/live_policy.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/policy/policy_source.hpp>

#include "recording.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// Where a policy came from: what another process loads it from again.
struct policy_origin {
    std::filesystem::path path;
    std::string root;  // empty: frameworks need not be signed
};

struct open_policy {
    policy_origin from;
    loaded_policy value;
};

// Who asks, by which policy it is judged, which guards watch and where answers leave rows; a copy stays as it is while
// another policy is put in force.
struct asking_side {
    std::shared_ptr<const policy_table> table;
    std::shared_ptr<guards> watch;
    std::shared_ptr<open_ledger> rows;
    policy_origin from;        // of the table, where there is one
    std::uint16_t agency = 0;  // 0: requests say who asks
};

// What one call says of the ledger.
struct call_record {
    std::shared_ptr<open_ledger> into{};  // in place of the register's
    std::uint64_t officer = 0;
};

// One call, in however many threads: one policy, and one time, the clock's.
class judged_call {
  public:
    judged_call(asking_side by, const call_record& how);
    // Of requests that are rows [first, …) of the call.
    // Concurrency: any number of threads at once. Throws library_error when a ledger takes no rows.
    freshness answer(const citizen_index& index, std::span<const request> requests, std::span<verdict> verdicts,
                     std::uint64_t first = 0);
    // After them, and before they are told: where their rows are, once they are published.
    // Requires: the interpreter lock is held. Throws library_error when they cannot be.
    [[nodiscard]] std::vector<recorded_rows> settle() { return recorder_.settle(); }
    // Of requests that name none.
    [[nodiscard]] std::uint16_t agency() const noexcept { return by_.agency; }

  private:
    asking_side by_;
    request_batch asked_;
    row_recorder recorder_;
};

void define_policy(nb::module_& module);

}  // namespace xacthuc::python
