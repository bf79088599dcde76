// SPDX-License-Identifier: Apache-2.0
// A policy of a nation's size that lets every planted question be asked, so that its answers are those without it.
#pragma once

#include <cstdint>
#include <memory>
#include <xacthuc/policy/policy_table.hpp>

namespace xacthuc::bench {

// Agencies have the numbers from 1 on, procedures those from 1 on; each agency has a framework of its own that narrows
// what a question costs, so that no two have the same rules.
struct policy_size {
    std::uint16_t agencies = 49;
    std::uint16_t procedures = 60;
};

[[nodiscard]] policy_tree make_bench_policy(const policy_size& size);

}  // namespace xacthuc::bench
