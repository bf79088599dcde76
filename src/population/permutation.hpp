// SPDX-License-Identifier: Apache-2.0
// A keyed permutation of 0 to n - 1, computed place by place: it sends neighbours to places that have nothing to do
// with each other. Source: Black and Rogaway (2002), Ciphers with arbitrary finite domains: a Feistel network over a ×
// b >= n, walked again in the rare case that it leaves the domain.
#pragma once

#include <array>
#include <cstdint>

#include "population/random_stream.hpp"

namespace xacthuc::inline v0_1 {

class permutation {
  public:
    // Requires: 0 < n < 2^32.
    constexpr permutation(std::uint64_t seed, std::uint64_t n) noexcept : n_{static_cast<std::uint32_t>(n)} {
        std::uint64_t root = 1;
        while (root * root < n) ++root;
        left_ = static_cast<std::uint32_t>(root);
        right_ = static_cast<std::uint32_t>((n + root - 1) / root);
        for (std::uint64_t round = 0; round < keys_.size(); ++round) keys_[round] = mix_bits(seed, round);
    }

    // Where i goes. Requires: i < n.
    [[nodiscard]] constexpr std::uint32_t operator()(std::uint32_t i) const noexcept {
        do {
            i = once(i);
        } while (i >= n_);  // ends: the walk is on a cycle through a place below n
        return i;
    }

  private:
    [[nodiscard]] constexpr std::uint32_t once(std::uint32_t i) const noexcept {
        std::uint32_t left = i / right_;
        std::uint32_t right = i % right_;
        for (std::size_t round = 0; round < keys_.size(); round += 2) {
            left = add(left, scale_bits(mix_bits(keys_[round] + right), left_), left_);
            right = add(right, scale_bits(mix_bits(keys_[round + 1] + left), right_), right_);
        }
        return left * right_ + right;
    }
    [[nodiscard]] static constexpr std::uint32_t add(std::uint32_t a, std::uint64_t b, std::uint32_t end) noexcept {
        const auto sum = a + static_cast<std::uint32_t>(b);
        return sum >= end ? sum - end : sum;
    }

    std::uint32_t n_;
    std::uint32_t left_ = 1;
    std::uint32_t right_ = 1;
    std::array<std::uint64_t, 4> keys_{};
};

}  // namespace xacthuc::inline v0_1
