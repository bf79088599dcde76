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

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,sse4.2,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,sse4.2,bmi,bmi2")
#endif

namespace xacthuc::inline v0_1::kernels {
namespace {
namespace x86_64_v3 {

[[nodiscard]] inline std::uint32_t crc(std::uint32_t value, std::uint64_t word) noexcept {
    return static_cast<std::uint32_t>(_mm_crc32_u64(value, word));
}

#include "engine/verify_kernel.inc"

}  // namespace x86_64_v3
}  // namespace

void verify_x86_64_v3(const index_view& index, std::span<const request> requests,
                      std::span<verdict> verdicts) noexcept {
    x86_64_v3::verify_all(index, requests, verdicts);
}

void find_x86_64_v3(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
                    std::span<const slot*> found) noexcept {
    x86_64_v3::verify_all(index, requests, verdicts, found.data());
}

void judge_x86_64_v3(std::span<const record> records, std::span<const request> requests,
                     std::span<verdict> verdicts) noexcept {
    x86_64_v3::judge_found_records(records, requests, verdicts);
}

}  // namespace xacthuc::inline v0_1::kernels

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
