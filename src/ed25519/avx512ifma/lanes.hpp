// SPDX-License-Identifier: Apache-2.0
// Eight lanes of 64 bits in one AVX-512 register: what operations.hpp does not have as one instruction. Included inside
// the namespace of the kernel, after operations.hpp; see kernel/kernel_body.hpp.

inline constexpr unsigned lane_count = 8;
// Groups that are worked on in turns, so that one has work while the other waits for its products.
inline constexpr unsigned groups_at_once = 2;
inline constexpr unsigned groups_per_inversion = 32;

inline word xor3(word a, word b, word c) {
    return v_ternary<0x96>(a, b, c);
}
inline word choose(word a, word b, word c) {
    return v_ternary<0xca>(a, b, c);
}
inline word majority(word a, word b, word c) {
    return v_ternary<0xe8>(a, b, c);
}

alignas(64) inline constexpr std::uint64_t swapped_bytes[8] = {
    0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f,
    0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f};
inline word swap_bytes(word a) {
    return v_shuffle_bytes(a, load_lanes(swapped_bytes));
}

inline mask mask_of_bits(unsigned bits) {
    return static_cast<mask>(bits);
}
inline unsigned bits_of_mask(mask m) {
    return m;
}
inline mask mask_and(mask a, mask b) {
    return static_cast<mask>(a & b);
}
inline mask mask_or(mask a, mask b) {
    return static_cast<mask>(a | b);
}
inline mask mask_not(mask a) {
    return static_cast<mask>(~a);
}

// For a transposition of four rows within each half: the pairs of the first two rows and of the last two put together.
alignas(64) inline constexpr std::uint64_t low_pairs[8] = {0, 1, 8, 9, 4, 5, 12, 13};
alignas(64) inline constexpr std::uint64_t high_pairs[8] = {2, 3, 10, 11, 6, 7, 14, 15};

inline void transpose_halves(word* out, word row0, word row1, word row2, word row3) {
    const word low01 = v_unpack_low(row0, row1);
    const word high01 = v_unpack_high(row0, row1);
    const word low23 = v_unpack_low(row2, row3);
    const word high23 = v_unpack_high(row2, row3);
    out[0] = v_permute_two(low01, load_lanes(low_pairs), low23);
    out[1] = v_permute_two(high01, load_lanes(low_pairs), high23);
    out[2] = v_permute_two(low01, load_lanes(high_pairs), low23);
    out[3] = v_permute_two(high01, load_lanes(high_pairs), high23);
}

// Four consecutive words of each lane's row, one word of all lanes together in each out[i]; and back.
inline void load_rows4(word* out, const std::uint64_t* const* rows, unsigned offset) {
    transpose_halves(
        out, v_load_halves(rows[0] + offset, rows[4] + offset), v_load_halves(rows[1] + offset, rows[5] + offset),
        v_load_halves(rows[2] + offset, rows[6] + offset), v_load_halves(rows[3] + offset, rows[7] + offset));
}
inline void store_rows4(std::uint64_t* const* rows, unsigned offset, const word* in) {
    word halves[4];
    transpose_halves(halves, in[0], in[1], in[2], in[3]);
    for (unsigned i = 0; i < 4; ++i) {
        v_store_halves(rows[i] + offset, rows[i + 4] + offset, halves[i]);
    }
}
