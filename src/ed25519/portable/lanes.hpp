// SPDX-License-Identifier: Apache-2.0
// One lane: a word is one 64-bit integer. Included inside the namespace of the kernel; see kernel/kernel_body.hpp.

inline constexpr unsigned lane_count = 1;
// Groups that are worked on in turns, so that one has work while the other waits for its products.
inline constexpr unsigned groups_at_once = 1;
inline constexpr unsigned groups_per_inversion = 64;

using word = std::uint64_t;
using mask = std::uint64_t;  // all ones or zero

inline word splat(std::uint64_t value) {
    return value;
}
inline word add(word a, word b) {
    return a + b;
}
inline word subtract(word a, word b) {
    return a - b;
}
inline word bit_and(word a, word b) {
    return a & b;
}
inline word bit_or(word a, word b) {
    return a | b;
}
inline word bit_xor(word a, word b) {
    return a ^ b;
}
template <unsigned Count>
inline word shift_left(word a) {
    return a << Count;
}
template <unsigned Count>
inline word shift_right(word a) {
    return a >> Count;
}
template <unsigned Count>
inline word rotate_right(word a) {
    return (a >> Count) | (a << (64 - Count));
}
inline word xor3(word a, word b, word c) {
    return a ^ b ^ c;
}
inline word choose(word a, word b, word c) {
    return c ^ (a & (b ^ c));
}
inline word majority(word a, word b, word c) {
    return (a & b) | (c & (a | b));
}
inline word swap_bytes(word a) {
    return __builtin_bswap64(a);
}

inline mask is_zero(word a) {
    return a == 0 ? ~mask{0} : 0;
}
inline mask mask_of_bits(unsigned bits) {
    return (bits & 1) != 0 ? ~mask{0} : 0;
}
inline unsigned bits_of_mask(mask m) {
    return static_cast<unsigned>(m & 1);
}
inline mask mask_and(mask a, mask b) {
    return a & b;
}
inline mask mask_or(mask a, mask b) {
    return a | b;
}
inline mask mask_not(mask a) {
    return ~a;
}
inline word select(mask m, word if_set, word if_clear) {
    return if_clear ^ (m & (if_set ^ if_clear));
}

// Of one signed byte for each lane, which are negative.
inline mask negative_digits(const std::int8_t* digits) {
    return digits[0] < 0 ? ~mask{0} : 0;
}

inline word load_lanes(const std::uint64_t* from) {
    return *from;
}
inline void store_lanes(std::uint64_t* to, word a) {
    *to = a;
}

// Four consecutive words of each lane's row, one word of all lanes together in each out[i]; and back.
inline void load_rows4(word* out, const std::uint64_t* const* rows, unsigned offset) {
    for (unsigned i = 0; i < 4; ++i) {
        std::memcpy(&out[i], rows[0] + offset + i, sizeof(word));
    }
}
inline void store_rows4(std::uint64_t* const* rows, unsigned offset, const word* in) {
    for (unsigned i = 0; i < 4; ++i) {
        rows[0][offset + i] = in[i];
    }
}
