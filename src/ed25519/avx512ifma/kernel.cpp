// SPDX-License-Identifier: Apache-2.0
// The kernel for CPUs with AVX-512 and its 52-bit multiply-add: eight lanes.

#if defined(__GNUC__) && !defined(__clang__)
// The intrinsics of g++ 12 read a variable that they leave unset on purpose, and say so to whoever inlines them.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

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

namespace xacthuc::inline v0_1::ed25519::avx512ifma {
namespace {

XACTHUC_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx512ifma,bmi,bmi2")
// clang-format off
namespace one {
#include "ed25519/kernel/one_lane_body.hpp"
}  // namespace one
#include "ed25519/avx512ifma/operations.hpp"
#include "ed25519/avx512ifma/lanes.hpp"
#include "ed25519/avx512ifma/field.hpp"
#include "ed25519/kernel/kernel_body.hpp"
// clang-format on
XACTHUC_TARGET_END

}  // namespace

constinit const kernel kernel_table = described("avx512ifma", 3, 2, processor_runs<instruction_set::avx512ifma>);

}  // namespace xacthuc::inline v0_1::ed25519::avx512ifma
