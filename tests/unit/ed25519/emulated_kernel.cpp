// SPDX-License-Identifier: Apache-2.0
// The sources of the avx512ifma kernel over emulated operations.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

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

constinit const kernel kernel_table = described("avx512ifma_emulated", 3, 2, runs_here);

}  // namespace xacthuc::ed25519::avx512ifma_emulated
