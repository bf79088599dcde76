// SPDX-License-Identifier: Apache-2.0
// Integers modulo the order L of the base point, four 64-bit words, lowest first; and their signed digits.
#pragma once

#include <cstdint>

#include "ed25519/curve.hpp"

namespace xacthuc::inline v0_1::ed25519 {

__extension__ typedef unsigned __int128 uint128;

// Returns whether a < L.
inline bool scalar_is_canonical(const std::uint64_t (&a)[4]) noexcept {
    for (int i = 3; i >= 0; --i) {
        if (a[i] != order[i]) {
            return a[i] < order[i];
        }
    }
    return false;
}

// Sets result to wide mod L, wide having eight words.
// Source: Barrett's reduction, Handbook of Applied Cryptography, algorithm 14.42, with b = 2^64 and k = 4.
inline void scalar_reduce(std::uint64_t (&result)[4], const std::uint64_t (&wide)[8]) noexcept {
    // floor(2^512 / L)
    constexpr std::uint64_t reciprocal[5] = {0xed9ce5a30a2c131b, 0x2106215d086329a7, 0xffffffffffffffeb,
                                             0xffffffffffffffff, 0xf};
    std::uint64_t product[10] = {};
    for (int i = 0; i < 5; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; j < 5; ++j) {
            const uint128 t = uint128{wide[3 + i]} * reciprocal[j] + product[i + j] + carry;
            product[i + j] = static_cast<std::uint64_t>(t);
            carry = static_cast<std::uint64_t>(t >> 64);
        }
        product[i + 5] = carry;
    }
    // The quotient is product / 2^320, at most 2 too small; so the remainder is below 3 L, in five words.
    const std::uint64_t* quotient = product + 5;
    std::uint64_t remainder[5] = {wide[0], wide[1], wide[2], wide[3], wide[4]};
    std::uint64_t multiple[5] = {};
    for (int i = 0; i < 5; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; i + j < 5; ++j) {
            const uint128 t = uint128{quotient[i]} * (j < 4 ? order[j] : 0) + multiple[i + j] + carry;
            multiple[i + j] = static_cast<std::uint64_t>(t);
            carry = static_cast<std::uint64_t>(t >> 64);
        }
    }
    const auto subtract = [](std::uint64_t* a, const std::uint64_t* b, int count, std::uint64_t mask) {
        std::uint64_t borrow = 0;
        for (int i = 0; i < count; ++i) {
            const uint128 t = uint128{a[i]} - (b[i] & mask) - borrow;
            a[i] = static_cast<std::uint64_t>(t);
            borrow = static_cast<std::uint64_t>(t >> 64) & 1;
        }
    };
    subtract(remainder, multiple, 5, ~std::uint64_t{0});
    for (int pass = 0; pass < 2; ++pass) {
        const std::uint64_t low[4] = {remainder[0], remainder[1], remainder[2], remainder[3]};
        const bool is_below = remainder[4] == 0 && scalar_is_canonical(low);
        subtract(remainder, order, 4, is_below ? 0 : ~std::uint64_t{0});
    }
    for (int i = 0; i < 4; ++i) {
        result[i] = remainder[i];
    }
}

// The number of digits of `bits` bits that hold any scalar below L.
constexpr unsigned window_count(unsigned bits) {
    return (252 + bits) / bits;
}

// Half the base 2^Bits at every place but the highest.
template <unsigned Bits>
struct recode_bias {
    std::uint64_t words[4] = {};

    constexpr recode_bias() {
        for (unsigned i = 0; i + 1 < window_count(Bits); ++i) {
            const unsigned position = i * Bits + Bits - 1;
            words[position / 64] |= std::uint64_t{1} << (position % 64);
        }
    }
};

template <unsigned Bits>
inline void scalar_recode_in(std::int8_t* digits, unsigned stride, const std::uint64_t (&scalar)[4]) noexcept {
    constexpr unsigned count = window_count(Bits);
    constexpr recode_bias<Bits> bias;
    constexpr unsigned base = 1u << Bits;
    std::uint64_t sum[5] = {};
    uint128 carry = 0;
    for (int i = 0; i < 4; ++i) {
        carry += uint128{scalar[i]} + bias.words[i];
        sum[i] = static_cast<std::uint64_t>(carry);
        carry >>= 64;
    }
#if defined(__GNUC__)
#pragma GCC unroll 64
#endif
    for (unsigned i = 0; i < count; ++i) {
        const unsigned position = i * Bits;
        const unsigned shift = position % 64;
        std::uint64_t field = sum[position / 64] >> shift;
        if (shift + Bits > 64) {
            field |= sum[position / 64 + 1] << (64 - shift);
        }
        field &= base - 1;
        digits[i * stride] =
            static_cast<std::int8_t>(static_cast<int>(field) - (i + 1 < count ? static_cast<int>(base / 2) : 0));
    }
}

// Writes the digits of a scalar below L in base 2^bits, lowest first: digit i at digits[i * stride].
// All but the highest are in [-2^(bits-1), 2^(bits-1) - 1]; the highest, to which nothing is carried in pieces, is in
// [0, 2^(bits-1)]. Adding half the base at every place but the highest first makes each digit a plain field of bits
// less that half: no carries run from digit to digit. Requires 5 <= bits <= 8.
inline void scalar_recode(std::int8_t* digits, unsigned stride, const std::uint64_t (&scalar)[4],
                          unsigned bits) noexcept {
    switch (bits) {
        case 5:
            return scalar_recode_in<5>(digits, stride, scalar);
        case 6:
            return scalar_recode_in<6>(digits, stride, scalar);
        case 7:
            return scalar_recode_in<7>(digits, stride, scalar);
        default:
            return scalar_recode_in<8>(digits, stride, scalar);
    }
}

}  // namespace xacthuc::inline v0_1::ed25519
