// SPDX-License-Identifier: Apache-2.0
// Reproducible random numbers that can be had out of order: a stream is named by a seed and a number. Not for secrets.
#pragma once

#include <cstdint>

namespace xacthuc::inline v0_1 {

// Source: Steele, Lea, Flood (2014), Fast splittable pseudorandom number generators; constants of D. Stafford's mix 13.
[[nodiscard]] constexpr std::uint64_t mix_bits(std::uint64_t x) noexcept {
    x = (x ^ x >> 30) * 0xbf58'476d'1ce4'e5b9;
    x = (x ^ x >> 27) * 0x94d0'49bb'1331'11eb;
    return x ^ x >> 31;
}

// One word from two, so that (a, b) and (b, a) differ.
[[nodiscard]] constexpr std::uint64_t mix_bits(std::uint64_t a, std::uint64_t b) noexcept {
    return mix_bits(mix_bits(a + 0x9e37'79b9'7f4a'7c15) ^ b * 0xd1b5'4a32'd192'ed03);
}

// A number below end, uniform to within end / 2^32, from 32 random bits.
// Requires: 0 < end <= 2^32.
[[nodiscard]] constexpr std::uint64_t scale_bits(std::uint64_t bits, std::uint64_t end) noexcept {
    return (bits >> 32) * end >> 32;
}

class random_stream {
  public:
    constexpr random_stream(std::uint64_t seed, std::uint64_t number) noexcept : state_{mix_bits(seed, number)} {}

    [[nodiscard]] constexpr std::uint64_t next() noexcept { return mix_bits(state_ += 0x9e37'79b9'7f4a'7c15); }
    // 0 to end - 1. Requires: 0 < end <= 2^32.
    [[nodiscard]] constexpr std::uint32_t below(std::uint64_t end) noexcept {
        return static_cast<std::uint32_t>(scale_bits(next(), end));
    }
    // first to last, both included.
    [[nodiscard]] constexpr int between(int first, int last) noexcept {
        return first + static_cast<int>(below(static_cast<std::uint64_t>(last - first + 1)));
    }
    // True with the chance of `share` in 100,000.
    [[nodiscard]] constexpr bool happens(std::uint32_t share) noexcept { return below(100'000) < share; }

  private:
    std::uint64_t state_;
};

}  // namespace xacthuc::inline v0_1
