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
#include <xacthuc/engine/engine.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/policy/policy_source.hpp>

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

// Who asks, by which policy it is judged and which guards watch; a copy stays as it is while another policy is put in
// force.
struct asking_side {
    std::shared_ptr<const policy_table> table;
    std::shared_ptr<guards> watch;
    policy_origin from;        // of the table, where there is one
    std::uint16_t agency = 0;  // 0: requests say who asks
};

// One call, in however many threads: one policy, and one time, the clock's.
class judged_call {
  public:
    explicit judged_call(asking_side by);
    // Concurrency: any number of threads at once.
    freshness answer(const citizen_index& index, std::span<const request> requests, std::span<verdict> verdicts) const;
    // Of requests that name none.
    [[nodiscard]] std::uint16_t agency() const noexcept { return by_.agency; }

  private:
    asking_side by_;
    request_batch asked_;
};

void define_policy(nb::module_& module);

}  // namespace xacthuc::python
