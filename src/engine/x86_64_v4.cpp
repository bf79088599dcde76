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

#if defined(__clang__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,sse4.2,bmi,bmi2,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx2,sse4.2,bmi,bmi2,popcnt")
#endif

namespace xacthuc::inline v0_1::kernels {
namespace {
namespace x86_64_v4 {

using lanes = std::uint64_t __attribute__((vector_size(64)));
inline constexpr std::size_t lane_count = 8;

[[gnu::always_inline]] inline bool any(lanes x) noexcept {
    return _mm512_test_epi64_mask(__m512i(x), __m512i(x)) != 0;
}
[[nodiscard]] inline std::uint32_t crc(std::uint32_t value, std::uint64_t word) noexcept {
    return static_cast<std::uint32_t>(_mm_crc32_u64(value, word));
}

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

void verify_x86_64_v4(const index_view& index, std::span<const request> requests,
                      std::span<verdict> verdicts) noexcept {
    x86_64_v4::verify_all(index, requests, verdicts);
}

void find_x86_64_v4(const index_view& index, std::span<const request> requests, std::span<verdict> verdicts,
                    std::span<const slot*> found) noexcept {
    x86_64_v4::verify_all(index, requests, verdicts, found.data());
}

void judge_x86_64_v4(std::span<const record> records, std::span<const request> requests,
                     std::span<verdict> verdicts) noexcept {
    x86_64_v4::judge_found_records(records, requests, verdicts);
}

}  // namespace xacthuc::inline v0_1::kernels

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
