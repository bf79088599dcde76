// SPDX-License-Identifier: Apache-2.0
// The verification kernel for processors with AVX-512: eight requests side by side.
//
//   queue of homes      where the next requests' records should be: ring_size addresses, prefetched `distance` ahead
//   queue of waiting    requests whose records were not there, with the next line of their path, prefetched too
//
// What limits it is how many page look-ups and lines are under way, not the arithmetic: a prefetch keeps its place in
// the processor's window until its page has been looked up, so prefetches are spread evenly over the instructions of a
// round, and a round is short. Nothing branches on what was found.
#include "engine/kernel.hpp"

#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 leaves what a masked operation does not need uninitialised in its own header (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "index/lookup.hpp"
#include "index/placement.hpp"
#include "system/target_region.hpp"

XACTHUC_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx2,sse4.2,bmi,bmi2,popcnt")

namespace xacthuc::inline v0_1::kernels {
namespace {
namespace x86_64_v4 {

using lanes = std::uint64_t __attribute__((vector_size(64)));
inline constexpr std::size_t lane_count = 8;

[[gnu::always_inline]] inline bool any(lanes x) noexcept {
    return _mm512_test_epi64_mask(__m512i(x), __m512i(x)) != 0;
}
#include "engine/processor_crc.inc"

// XXH3-64 of each id's eight bytes, but for the last step, which only changes the low 36 bits.
[[gnu::always_inline]] inline lanes placement_partitions(lanes ids, std::uint64_t seed) noexcept {
    const auto every = [](std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); };
    const auto prime = every(placement_prime);
    auto h = _mm512_xor_si512(_mm512_rol_epi64(__m512i(ids), 32), every(placement_flip(seed)));
    h = _mm512_ternarylogic_epi64(h, _mm512_rol_epi64(h, 49), _mm512_rol_epi64(h, 24), 0x96);  // xor of the three
    h = _mm512_mullo_epi64(h, prime);
    h = _mm512_xor_si512(h, _mm512_add_epi64(_mm512_srli_epi64(h, 35), every(8)));
    return lanes(_mm512_mullo_epi64(h, prime));
}
// The last step.
[[gnu::always_inline]] inline lanes placement_hashes(lanes ids, std::uint64_t seed) noexcept {
    const auto h = placement_partitions(ids, seed);
    return h ^ h >> 28;
}

#include "engine/judge.inc"
#include "engine/wide_pipeline.inc"

}  // namespace x86_64_v4
}  // namespace

const kernel x86_64_v4_kernel{"x86_64_v4", x86_64_v4::verify, x86_64_v4::find, x86_64_v4::judge_found_records};

}  // namespace xacthuc::inline v0_1::kernels

XACTHUC_TARGET_END

#endif
