// SPDX-License-Identifier: Apache-2.0
// The verification that needs no table in memory: what decides where one is damaged, and what the others are measured
// by. Slow, short, and by the rule of verify.hpp, which no other library's need be.
#pragma once

#include "ed25519/kernel_job.hpp"

namespace xacthuc::inline v0_1::ed25519 {

// Sets job.result to yes or no. Requires s, h, r and a canonical key in the job; reads nothing else of it. Complexity:
// one decoding of A, 253 doublings and as many additions: about as long as libsodium.
void solve_without_tables(equation_job& job) noexcept;

}  // namespace xacthuc::inline v0_1::ed25519
