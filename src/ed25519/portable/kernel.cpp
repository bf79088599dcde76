// SPDX-License-Identifier: Apache-2.0
// The kernel for any 64-bit CPU: one lane.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ed25519/division_steps.hpp"
#include "ed25519/encoding.hpp"
#include "ed25519/kernel_list.hpp"
#include "ed25519/sha512_constants.hpp"

namespace xacthuc::inline v0_1::ed25519::portable {
namespace {
namespace one {
// clang-format off
#include "ed25519/portable/lanes.hpp"
#include "ed25519/portable/field.hpp"
#include "ed25519/kernel/kernel_body.hpp"
// clang-format on
}  // namespace one

bool runs_here() {
    return true;
}

}  // namespace

const kernel kernel_table = {.name = "portable",
                             .lane_count = one::lane_count,
                             .generic_group_min = 1,
                             .comb_group_min = 1,
                             .runs_here = runs_here,
                             .hash = one::hash,
                             .solve_with_comb = one::solve_with_comb,
                             .solve_one_with_comb = one::solve_one_with_comb,
                             .solve_generic = one::solve_generic};

}  // namespace xacthuc::inline v0_1::ed25519::portable
