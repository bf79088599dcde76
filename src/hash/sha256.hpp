// SPDX-License-Identifier: Apache-2.0
// SHA-256, FIPS 180-4, and the two hashes of RFC 6962 that a tree is made of, of many at once: a leaf of one block, a
// node of two blocks.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace xacthuc::inline v0_1 {

using sha256_hash = std::array<std::byte, 32>;

// What still fits into one block beside the leaf's prefix, the end mark and the length.
inline constexpr std::size_t sha256_leaf_size_max = 54;

[[nodiscard]] sha256_hash sha256(std::span<const std::byte> bytes) noexcept;

// SHA-256(0x00 || message) of as many messages as there are hashes; each has `size` bytes and begins `stride` bytes
// after the one before it. Requires: size <= sha256_leaf_size_max; the hashes lie in none of the messages.
void sha256_leaves(const std::byte* messages, std::size_t size, std::size_t stride,
                   std::span<sha256_hash> hashes) noexcept;

// SHA-256(0x01 || children[2k] || children[2k + 1]) into parents[k].
// Requires: twice as many children as parents; parents may begin where children do, and else lie in none of them.
void sha256_nodes(std::span<const sha256_hash> children, std::span<sha256_hash> parents) noexcept;

}  // namespace xacthuc::inline v0_1
