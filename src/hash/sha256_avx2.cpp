// SPDX-License-Identifier: Apache-2.0
// SHA-256 of eight messages side by side, for processors with AVX2 and without instructions for SHA-256.
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "hash/sha256_block_shape.hpp"
#include "hash/sha256_constants.hpp"
#include "hash/sha256_kernels.hpp"
#include "system/processor.hpp"
#include "system/target_region.hpp"

namespace xacthuc::inline v0_1::sha256_avx2 {
namespace {

#define XACTHUC_INLINE __attribute__((always_inline)) inline

constexpr std::size_t lane_count = 8;

[[nodiscard]] const sha256_kernel& narrow_kernel() noexcept {
    return sha256_portable::kernel;
}
constexpr std::size_t narrow_count_max = 1;

XACTHUC_TARGET_BEGIN("avx2")
// clang-format off
using words = __m256i;

XACTHUC_INLINE words broadcast(std::uint32_t value) noexcept { return _mm256_set1_epi32(static_cast<int>(value)); }
XACTHUC_INLINE words add(words a, words b) noexcept { return _mm256_add_epi32(a, b); }
XACTHUC_INLINE words and_of(words a, words b) noexcept { return _mm256_and_si256(a, b); }
XACTHUC_INLINE words or_of(words a, words b) noexcept { return _mm256_or_si256(a, b); }
XACTHUC_INLINE words xor_of(words a, words b) noexcept { return _mm256_xor_si256(a, b); }
XACTHUC_INLINE words xor_of(words a, words b, words c) noexcept { return xor_of(xor_of(a, b), c); }
XACTHUC_INLINE words choose(words e, words f, words g) noexcept { return xor_of(g, and_of(e, xor_of(f, g))); }
XACTHUC_INLINE words majority(words a, words b, words c) noexcept {
    return xor_of(b, and_of(xor_of(a, b), xor_of(b, c)));
}
template <int By> XACTHUC_INLINE words shift_right(words a) noexcept { return _mm256_srli_epi32(a, By); }
template <int By> XACTHUC_INLINE words rotate_right(words a) noexcept {
    return or_of(_mm256_srli_epi32(a, By), _mm256_slli_epi32(a, 32 - By));
}
XACTHUC_INLINE words shuffle_bytes(words a, words order) noexcept { return _mm256_shuffle_epi8(a, order); }
XACTHUC_INLINE words unpack_low_words(words a, words b) noexcept { return _mm256_unpacklo_epi32(a, b); }
XACTHUC_INLINE words unpack_high_words(words a, words b) noexcept { return _mm256_unpackhi_epi32(a, b); }
XACTHUC_INLINE words unpack_low_pairs(words a, words b) noexcept { return _mm256_unpacklo_epi64(a, b); }
XACTHUC_INLINE words unpack_high_pairs(words a, words b) noexcept { return _mm256_unpackhi_epi64(a, b); }

XACTHUC_INLINE __m128i load_16_bytes(const void* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
XACTHUC_INLINE words broadcast_16_bytes(const std::uint8_t* from) noexcept {
    return _mm256_broadcastsi128_si256(load_16_bytes(from));
}
// Twice 16 bytes, `stride` apart.
XACTHUC_INLINE words load_row(const std::byte* from, std::size_t stride) noexcept {
    return _mm256_inserti128_si256(_mm256_castsi128_si256(load_16_bytes(from)), load_16_bytes(from + stride), 1);
}
XACTHUC_INLINE void store_row(words row, std::byte* to, std::size_t stride) noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(row));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + stride), _mm256_extracti128_si256(row, 1));
}
XACTHUC_INLINE words gather_words(const std::byte* from, int stride) noexcept {
    const auto lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_i32gather_epi32(reinterpret_cast<const int*>(from),
                                  _mm256_mullo_epi32(lane, _mm256_set1_epi32(stride)), 1);
}

#include "hash/sha256_lanes.inc"
// clang-format on
XACTHUC_TARGET_END

}  // namespace

constinit const sha256_kernel kernel{"avx2", processor_runs<instruction_set::avx2>, whole, leaves, nodes};

}  // namespace xacthuc::inline v0_1::sha256_avx2
