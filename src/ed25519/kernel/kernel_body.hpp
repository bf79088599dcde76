// SPDX-License-Identifier: Apache-2.0
// The text that all kernels share, over the names that lanes.hpp and field.hpp of each define. A kernel's one source
// file includes the standard headers that this text needs, opens its target region and its unnamed namespace, and then
// includes
//
//   namespace one { kernel/one_lane_body.hpp }
//   <isa>/lanes.hpp <isa>/field.hpp kernel/kernel_body.hpp
//
// so that every function here is compiled once for each instruction set, inside its region, with internal linkage:
// nothing wide can leak into the rest of the program.

// The order is that of their needs.
// clang-format off
#include "ed25519/kernel/element.hpp"
#include "ed25519/kernel/point.hpp"
#include "ed25519/kernel/finish.hpp"
#include "ed25519/kernel/sha512.hpp"
#include "ed25519/kernel/comb.hpp"
#include "ed25519/kernel/single.hpp"
#include "ed25519/kernel/generic.hpp"
// clang-format on

constexpr kernel described(std::string_view name, unsigned generic_group_min, unsigned comb_group_min,
                           bool (*runs_here)()) {
    return {.name = name,
            .lane_count = lane_count,
            .generic_group_min = generic_group_min,
            .comb_group_min = comb_group_min,
            .runs_here = runs_here,
            .hash = hash,
            .solve_with_comb = solve_with_comb,
            .solve_one_with_comb = solve_one_with_comb,
            .solve_generic = solve_generic};
}
