// SPDX-License-Identifier: Apache-2.0
// The sources of the avx512ifma kernel over emulated operations.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "ed25519/division_steps.hpp"
#include "ed25519/encoding.hpp"
#include "ed25519/kernel_list.hpp"
#include "ed25519/sha512_constants.hpp"
#include "unit/ed25519/kernels_under_test.hpp"

namespace xacthuc::ed25519::avx512ifma_emulated {
namespace {

// clang-format off
namespace one {
#include "ed25519/kernel/one_lane_body.hpp"
}  // namespace one
#include "unit/ed25519/emulated_operations.hpp"
#include "ed25519/avx512ifma/lanes.hpp"
#include "ed25519/avx512ifma/field.hpp"
#include "ed25519/kernel/kernel_body.hpp"
// clang-format on

bool runs_here() {
    return true;
}

}  // namespace

const kernel kernel_table = {.name = "avx512ifma_emulated",
                             .lane_count = lane_count,
                             .generic_group_min = 3,
                             .comb_group_min = 2,
                             .runs_here = runs_here,
                             .hash = hash,
                             .solve_with_comb = solve_with_comb,
                             .solve_one_with_comb = solve_one_with_comb,
                             .solve_generic = solve_generic};

}  // namespace xacthuc::ed25519::avx512ifma_emulated
