// SPDX-License-Identifier: Apache-2.0
// SHA-256 of sixteen messages side by side, for processors with AVX-512: a rotation and any function of three words are
// one instruction each.
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12's own header reads what _mm512_undefined_epi32 leaves undefined.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
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

namespace xacthuc::inline v0_1::sha256_avx512 {
namespace {

#define XACTHUC_INLINE __attribute__((always_inline)) inline

constexpr std::size_t lane_count = 16;

[[nodiscard]] const sha256_kernel& narrow_kernel() noexcept {
    return sha256_sha_ni::kernel.runs_here() ? sha256_sha_ni::kernel : sha256_portable::kernel;
}
// So few are faster one by one than in lanes of which most are empty.
constexpr std::size_t narrow_count_max = 7;

XACTHUC_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl")
// clang-format off
using words = __m512i;

XACTHUC_INLINE words broadcast(std::uint32_t value) noexcept { return _mm512_set1_epi32(static_cast<int>(value)); }
XACTHUC_INLINE words add(words a, words b) noexcept { return _mm512_add_epi32(a, b); }
XACTHUC_INLINE words and_of(words a, words b) noexcept { return _mm512_and_si512(a, b); }
XACTHUC_INLINE words or_of(words a, words b) noexcept { return _mm512_or_si512(a, b); }
XACTHUC_INLINE words xor_of(words a, words b, words c) noexcept { return _mm512_ternarylogic_epi32(a, b, c, 0x96); }
XACTHUC_INLINE words choose(words e, words f, words g) noexcept { return _mm512_ternarylogic_epi32(e, f, g, 0xca); }
XACTHUC_INLINE words majority(words a, words b, words c) noexcept { return _mm512_ternarylogic_epi32(a, b, c, 0xe8); }
template <int By> XACTHUC_INLINE words rotate_right(words a) noexcept { return _mm512_ror_epi32(a, By); }
template <int By> XACTHUC_INLINE words shift_right(words a) noexcept { return _mm512_srli_epi32(a, By); }
XACTHUC_INLINE words shuffle_bytes(words a, words order) noexcept { return _mm512_shuffle_epi8(a, order); }
XACTHUC_INLINE words unpack_low_words(words a, words b) noexcept { return _mm512_unpacklo_epi32(a, b); }
XACTHUC_INLINE words unpack_high_words(words a, words b) noexcept { return _mm512_unpackhi_epi32(a, b); }
XACTHUC_INLINE words unpack_low_pairs(words a, words b) noexcept { return _mm512_unpacklo_epi64(a, b); }
XACTHUC_INLINE words unpack_high_pairs(words a, words b) noexcept { return _mm512_unpackhi_epi64(a, b); }

XACTHUC_INLINE __m128i load_16_bytes(const void* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
XACTHUC_INLINE words broadcast_16_bytes(const std::uint8_t* from) noexcept {
    return _mm512_broadcast_i32x4(load_16_bytes(from));
}
// Four times 16 bytes, `stride` apart.
XACTHUC_INLINE words load_row(const std::byte* from, std::size_t stride) noexcept {
    auto row = _mm512_castsi128_si512(load_16_bytes(from));
    row = _mm512_inserti32x4(row, load_16_bytes(from + stride), 1);
    row = _mm512_inserti32x4(row, load_16_bytes(from + 2 * stride), 2);
    return _mm512_inserti32x4(row, load_16_bytes(from + 3 * stride), 3);
}
XACTHUC_INLINE void store_row(words row, std::byte* to, std::size_t stride) noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_castsi512_si128(row));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + stride), _mm512_extracti32x4_epi32(row, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 2 * stride), _mm512_extracti32x4_epi32(row, 2));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 3 * stride), _mm512_extracti32x4_epi32(row, 3));
}
XACTHUC_INLINE words gather_words(const std::byte* from, int stride) noexcept {
    const auto lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_i32gather_epi32(_mm512_mullo_epi32(lane, _mm512_set1_epi32(stride)), from, 1);
}

#include "hash/sha256_lanes.inc"
// clang-format on
XACTHUC_TARGET_END

}  // namespace

constinit const sha256_kernel kernel{"avx512", processor_runs<instruction_set::avx512>, whole, leaves, nodes};

}  // namespace xacthuc::inline v0_1::sha256_avx512
