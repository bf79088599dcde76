// SPDX-License-Identifier: Apache-2.0
// Four lanes of 64 bits in one AVX2 register. Included inside the namespace of the kernel; see kernel/kernel_body.hpp.

inline constexpr unsigned lane_count = 4;
// Groups that are worked on in turns, so that one has work while the other waits for its products.
inline constexpr unsigned groups_at_once = 1;
inline constexpr unsigned groups_per_inversion = 32;

using word = __m256i;
using mask = __m256i;  // all ones or zero in each lane

inline word splat(std::uint64_t value) {
    return _mm256_set1_epi64x(static_cast<long long>(value));
}
inline word add(word a, word b) {
    return _mm256_add_epi64(a, b);
}
inline word subtract(word a, word b) {
    return _mm256_sub_epi64(a, b);
}
inline word bit_and(word a, word b) {
    return _mm256_and_si256(a, b);
}
inline word bit_or(word a, word b) {
    return _mm256_or_si256(a, b);
}
inline word bit_xor(word a, word b) {
    return _mm256_xor_si256(a, b);
}
template <unsigned Count>
inline word shift_left(word a) {
    return _mm256_slli_epi64(a, Count);
}
template <unsigned Count>
inline word shift_right(word a) {
    return _mm256_srli_epi64(a, Count);
}
template <unsigned Count>
inline word rotate_right(word a) {
    if constexpr (Count == 8) {
        return _mm256_shuffle_epi8(a, _mm256_set_epi8(8, 15, 14, 13, 12, 11, 10, 9, 0, 7, 6, 5, 4, 3, 2, 1, 8, 15, 14,
                                                      13, 12, 11, 10, 9, 0, 7, 6, 5, 4, 3, 2, 1));
    } else {
        return _mm256_or_si256(_mm256_srli_epi64(a, Count), _mm256_slli_epi64(a, 64 - Count));
    }
}
inline word xor3(word a, word b, word c) {
    return bit_xor(bit_xor(a, b), c);
}
inline word choose(word a, word b, word c) {
    return bit_xor(c, bit_and(a, bit_xor(b, c)));
}
inline word majority(word a, word b, word c) {
    return bit_or(bit_and(a, b), bit_and(c, bit_or(a, b)));
}
inline word swap_bytes(word a) {
    return _mm256_shuffle_epi8(a, _mm256_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                                                  12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
}
// The product of the low halves.
inline word multiply_low32(word a, word b) {
    return _mm256_mul_epu32(a, b);
}

inline mask is_zero(word a) {
    return _mm256_cmpeq_epi64(a, _mm256_setzero_si256());
}
inline mask mask_of_bits(unsigned bits) {
    const __m256i bit_of_lane = _mm256_set_epi64x(8, 4, 2, 1);
    return _mm256_cmpeq_epi64(_mm256_and_si256(splat(bits), bit_of_lane), bit_of_lane);
}
inline unsigned bits_of_mask(mask m) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(m)));
}
inline mask mask_and(mask a, mask b) {
    return _mm256_and_si256(a, b);
}
inline mask mask_or(mask a, mask b) {
    return _mm256_or_si256(a, b);
}
inline mask mask_not(mask a) {
    return _mm256_xor_si256(a, _mm256_set1_epi64x(-1));
}
inline word select(mask m, word if_set, word if_clear) {
    return _mm256_blendv_epi8(if_clear, if_set, m);
}

// Of one signed byte for each lane, which are negative.
inline mask negative_digits(const std::int8_t* digits) {
    std::int32_t four = 0;
    std::memcpy(&four, digits, sizeof four);
    return _mm256_cmpgt_epi64(_mm256_setzero_si256(), _mm256_cvtepi8_epi64(_mm_cvtsi32_si128(four)));
}

inline word load_lanes(const std::uint64_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}
inline void store_lanes(std::uint64_t* to, word a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), a);
}

// Two words of row `low` beside two of row `high`.
inline __m256i load_row_pair(const std::uint64_t* low, const std::uint64_t* high) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(low));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(high));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1);
}

// Four consecutive words of each lane's row, one word of all lanes together in each out[i]; and back.
inline void load_rows4(word* out, const std::uint64_t* const* rows, unsigned offset) {
    for (unsigned i = 0; i < 4; i += 2) {
        const __m256i even = load_row_pair(rows[0] + offset + i, rows[2] + offset + i);
        const __m256i odd = load_row_pair(rows[1] + offset + i, rows[3] + offset + i);
        out[i] = _mm256_unpacklo_epi64(even, odd);
        out[i + 1] = _mm256_unpackhi_epi64(even, odd);
    }
}
inline void store_rows4(std::uint64_t* const* rows, unsigned offset, const word* in) {
    const __m256i low01 = _mm256_unpacklo_epi64(in[0], in[1]);
    const __m256i high01 = _mm256_unpackhi_epi64(in[0], in[1]);
    const __m256i low23 = _mm256_unpacklo_epi64(in[2], in[3]);
    const __m256i high23 = _mm256_unpackhi_epi64(in[2], in[3]);
    store_lanes(rows[0] + offset, _mm256_permute2x128_si256(low01, low23, 0x20));
    store_lanes(rows[1] + offset, _mm256_permute2x128_si256(high01, high23, 0x20));
    store_lanes(rows[2] + offset, _mm256_permute2x128_si256(low01, low23, 0x31));
    store_lanes(rows[3] + offset, _mm256_permute2x128_si256(high01, high23, 0x31));
}
