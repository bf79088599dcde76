// SPDX-License-Identifier: Apache-2.0
// The verification kernel for processors with AVX2 and the CRC-32C instruction.
#include "engine/kernel.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cstring>
#include <utility>

#include "index/lookup.hpp"
#include "index/placement.hpp"
#include "system/target_region.hpp"

XACTHUC_TARGET_BEGIN("avx2,sse4.2,bmi,bmi2")

namespace xacthuc::inline v0_1::kernels {
namespace {
namespace x86_64_v3 {

#include "engine/processor_crc.inc"
#include "engine/verify_kernel.inc"

}  // namespace x86_64_v3
}  // namespace

const kernel x86_64_v3_kernel{"x86_64_v3", x86_64_v3::verify, x86_64_v3::find, x86_64_v3::judge_found_records};

}  // namespace xacthuc::inline v0_1::kernels

XACTHUC_TARGET_END

#endif
