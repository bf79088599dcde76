// SPDX-License-Identifier: Apache-2.0
// What policy and guards cost: the same questions asked without, with policy, and with both, in turns.
#pragma once

#include <cstdint>
#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/policy/policy_table.hpp>

namespace xacthuc::bench {

struct permission_options {
    unsigned rounds = 7;
    std::size_t batch_items = 4096;
};

// How questions are spread over agencies and procedures.
struct permission_rates {
    double bare_per_second = 0;
    double policy_per_second = 0;
    double guarded_per_second = 0;
    double policy_ratio = 0;  // to bare, the median of the rounds'
    double guarded_ratio = 0;
    std::uint64_t wrong_answers = 0;  // other than without policy
};

struct permission_speed {
    permission_rates by_agency;       // each batch is of one agency and one of its procedures
    permission_rates several;         // … and of four of its procedures, in random order
    permission_rates mixed;           // every request of any agency and procedure
    double decisions_per_second = 0;  // of policy alone, each about another agency and procedure
    double swap_slowdown = 0;  // the 99.9th percentile of a batch's time while policies are exchanged, to a quiet one
    std::uint64_t guards_bytes = 0;
};

// Each request's agency and procedure is overwritten. Requires: requests.size() >= batch_items; a policy as
// make_bench_policy() makes it, of this size. On one thread.
[[nodiscard]] permission_speed measure_permission(const citizen_index& index, std::span<request> requests,
                                                  std::shared_ptr<const policy_table> policy, std::uint16_t agencies,
                                                  std::uint16_t procedures, const permission_options& how);

}  // namespace xacthuc::bench
