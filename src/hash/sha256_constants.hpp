// SPDX-License-Identifier: Apache-2.0
// The constants of SHA-256, and what of a message's schedule is known before the message is: of words that are the same
// in every message of a kind, kernels compute neither their sums nor their rotations.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace xacthuc::inline v0_1::sha256_constants {

// FIPS 180-4, section 5.3.3.
inline constexpr std::array<std::uint32_t, 8> initial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// FIPS 180-4, section 4.2.2.
alignas(64) inline constexpr std::array<std::uint32_t, 64> k{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The first 32 words of a schedule: whether a word is the same in every message, and the sum of what is the same in it.
struct schedule {
    std::array<bool, 32> is_known{};
    std::array<std::uint32_t, 32> known{};

    // Requires: the message's 16 words are set.
    constexpr void expand() noexcept {
        for (std::size_t t = 16; t < 32; ++t) {
            is_known[t] = is_known[t - 2] && is_known[t - 7] && is_known[t - 15] && is_known[t - 16];
            const auto two = known[t - 2];
            const auto fifteen = known[t - 15];
            if (is_known[t - 2]) known[t] += std::rotr(two, 17) ^ std::rotr(two, 19) ^ (two >> 10);
            if (is_known[t - 7]) known[t] += known[t - 7];
            if (is_known[t - 15]) known[t] += std::rotr(fifteen, 7) ^ std::rotr(fifteen, 18) ^ (fifteen >> 3);
            if (is_known[t - 16]) known[t] += known[t - 16];
        }
    }
};

// A whole block of message.
inline constexpr schedule of_any = [] {
    schedule made;
    made.expand();
    return made;
}();

// A leaf is so short that the upper half of its length is zero.
inline constexpr schedule of_leaf = [] {
    schedule made;
    made.is_known[14] = true;
    made.expand();
    return made;
}();

// The second block of a node: the last byte of its right child, the end mark, zeros, and the length.
inline constexpr schedule of_node_end = [] {
    schedule made;
    for (std::size_t t = 1; t < 16; ++t) made.is_known[t] = true;
    made.known[15] = 8 * (1 + 2 * 32);
    made.expand();
    return made;
}();

// The first round of a message's first block adds its first word to these: what E and A are afterwards.
struct first_round_sums {
    std::uint32_t e;
    std::uint32_t a;
};
inline constexpr first_round_sums first_round = [] {
    const auto [a, b, c, d, e, f, g, h] = initial;
    const auto sum = h + k[0] + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g));
    return first_round_sums{
        d + sum, sum + (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))};
}();

}  // namespace xacthuc::inline v0_1::sha256_constants
