// SPDX-License-Identifier: Apache-2.0
// What can be said of an encoded point without decoding it: is y below p, is it one of the points of small order.
#pragma once

#include <cstdint>
#include <cstring>

#include "ed25519/curve.hpp"

namespace xacthuc::inline v0_1::ed25519 {

// The library is for little-endian machines only, where this is the little-endian reading.
inline std::uint64_t load_word(const void* bytes) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

inline void load_words(std::uint64_t (&words)[4], const void* bytes) noexcept {
    std::memcpy(words, bytes, sizeof words);
}

// Returns whether y, without the sign bit of x, is below 2^255 - 19.
inline bool is_canonical(const std::uint64_t (&words)[4]) noexcept {
    constexpr std::uint64_t all = ~std::uint64_t{0};
    return (words[3] << 1) != (all << 1) || words[2] != all || words[1] != all || words[0] < all - 18;
}

// Returns whether this is the canonical encoding of a point whose order divides 8, the sign bit of x aside.
// An encoding of such a point that is not canonical is for others to refuse: A by is_canonical, R by the last
// comparison.
inline bool is_small_order(const std::uint64_t (&words)[4]) noexcept {
    for (const auto& y : small_order_y) {
        const std::uint64_t differences =
            (words[0] ^ y[0]) | (words[1] ^ y[1]) | (words[2] ^ y[2]) | ((words[3] ^ y[3]) << 1);
        if (differences == 0) {
            return true;
        }
    }
    return false;
}

}  // namespace xacthuc::inline v0_1::ed25519
