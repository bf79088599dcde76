// SPDX-License-Identifier: Apache-2.0
// The operations on eight lanes that this kernel is written in, each one instruction. The tests put the same names, in
// plain loops, in the place of this file, and so run the kernel on CPUs that do not have it. Included inside the
// namespace of the kernel.

using word = __m512i;
using mask = __mmask8;

inline word splat(std::uint64_t a) {
    return _mm512_set1_epi64(static_cast<long long>(a));
}
inline word load_lanes(const std::uint64_t* from) {
    return _mm512_loadu_si512(from);
}
inline void store_lanes(std::uint64_t* to, word a) {
    _mm512_storeu_si512(to, a);
}
// Four words at `low` below four at `high`; and back.
inline word v_load_halves(const std::uint64_t* low, const std::uint64_t* high) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(low));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(high));
    return _mm512_inserti64x4(_mm512_castsi256_si512(a), b, 1);
}
inline void v_store_halves(std::uint64_t* low, std::uint64_t* high, word a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(low), _mm512_castsi512_si256(a));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(high), _mm512_extracti64x4_epi64(a, 1));
}

inline word add(word a, word b) {
    return _mm512_add_epi64(a, b);
}
inline word subtract(word a, word b) {
    return _mm512_sub_epi64(a, b);
}
inline word bit_and(word a, word b) {
    return _mm512_and_si512(a, b);
}
inline word bit_or(word a, word b) {
    return _mm512_or_si512(a, b);
}
inline word bit_xor(word a, word b) {
    return _mm512_xor_si512(a, b);
}
template <unsigned Count>
inline word shift_left(word a) {
    return _mm512_slli_epi64(a, Count);
}
template <unsigned Count>
inline word shift_right(word a) {
    return _mm512_srli_epi64(a, Count);
}
template <unsigned Count>
inline word rotate_right(word a) {
    return _mm512_ror_epi64(a, Count);
}
// Bit by bit, bit 4a + 2b + c of the table.
template <int Table>
inline word v_ternary(word a, word b, word c) {
    return _mm512_ternarylogic_epi64(a, b, c, Table);
}
// Within each 128 bits.
inline word v_shuffle_bytes(word a, word index) {
    return _mm512_shuffle_epi8(a, index);
}

// sum + the low (high) 52 bits of the 104-bit product of the low 52 bits of a and b.
inline word v_multiply_add_low(word sum, word a, word b) {
    return _mm512_madd52lo_epu64(sum, a, b);
}
inline word v_multiply_add_high(word sum, word a, word b) {
    return _mm512_madd52hi_epu64(sum, a, b);
}

// Of each pair of lanes, the even (odd) ones of a and b side by side.
inline word v_unpack_low(word a, word b) {
    return _mm512_unpacklo_epi64(a, b);
}
inline word v_unpack_high(word a, word b) {
    return _mm512_unpackhi_epi64(a, b);
}
// Lane i is lane index[i] of the sixteen of a and b.
inline word v_permute_two(word a, word index, word b) {
    return _mm512_permutex2var_epi64(a, index, b);
}

inline mask is_zero(word a) {
    return _mm512_testn_epi64_mask(a, a);
}
inline word select(mask m, word if_set, word if_clear) {
    return _mm512_mask_blend_epi64(m, if_clear, if_set);
}
// Of one signed byte for each lane, which are negative.
inline mask negative_digits(const std::int8_t* bytes) {
    return _mm512_movepi64_mask(_mm512_cvtepi8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes))));
}
