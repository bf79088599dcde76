// SPDX-License-Identifier: Apache-2.0
// The kernel for CPUs with AVX2: four lanes.

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "ed25519/division_steps.hpp"
#include "ed25519/encoding.hpp"
#include "ed25519/kernel_list.hpp"
#include "ed25519/sha512_constants.hpp"
#include "system/processor.hpp"
#include "system/target_region.hpp"

namespace xacthuc::inline v0_1::ed25519::avx2 {
namespace {

XACTHUC_TARGET_BEGIN("avx2,fma,bmi,bmi2")
// clang-format off
namespace one {
#include "ed25519/kernel/one_lane_body.hpp"
}  // namespace one
#include "ed25519/avx2/lanes.hpp"
#include "ed25519/avx2/field.hpp"
#include "ed25519/kernel/never_raised.hpp"
#include "ed25519/kernel/kernel_body.hpp"
// clang-format on
XACTHUC_TARGET_END

}  // namespace

constinit const kernel kernel_table = described("avx2", 3, 2, processor_runs<instruction_set::avx2>);

}  // namespace xacthuc::inline v0_1::ed25519::avx2
