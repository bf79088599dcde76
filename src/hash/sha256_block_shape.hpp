// SPDX-License-Identifier: Apache-2.0
// How the bytes of messages of one size become the words of a block.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "hash/sha256.hpp"

namespace xacthuc::inline v0_1 {

// For each 16 bytes of the block the order in which they are taken from 16 bytes of the message, each word's last byte
// first, and what is set besides: prefix, end mark, length. The first 16 are taken from the message's begin, the others
// from one byte before their own place, for the prefix.
struct sha256_block_shape {
    static constexpr std::size_t group_count = 4;
    alignas(16) std::array<std::array<std::uint8_t, 16>, group_count> order{};
    alignas(16) std::array<std::array<std::uint8_t, 16>, group_count> besides{};
    std::array<bool, group_count> has_besides{};

    constexpr sha256_block_shape() noexcept = default;
    constexpr sha256_block_shape(std::uint8_t prefix, std::size_t message_size) noexcept {
        constexpr std::uint8_t nothing = 0x80;
        for (std::size_t at = 0; at < 64; ++at) {
            const bool is_message = at >= 1 && at < 1 + message_size;
            const auto from = at - 1 - begin_of(at / 16);
            order[at / 16][at % 16 ^ 3] = is_message ? static_cast<std::uint8_t>(from) : nothing;
        }
        if (prefix != 0) put(0, prefix);
    }
    constexpr void put(std::size_t at, std::uint8_t value) noexcept {
        besides[at / 16][at % 16 ^ 3] = value;
        has_besides[at / 16] = true;
    }

    [[nodiscard]] static constexpr std::size_t begin_of(std::size_t group) noexcept {
        return group == 0 ? 0 : 16 * group - 1;
    }
    // What is read of a message, also of a shorter one.
    static constexpr std::size_t read_size = 63;
};

// Of leaves by their messages' size.
inline constexpr auto sha256_leaf_shapes = [] {
    std::array<sha256_block_shape, sha256_leaf_size_max + 1> made;
    for (std::size_t size = 0; size < made.size(); ++size) {
        made[size] = sha256_block_shape{0, size};
        made[size].put(1 + size, 0x80);
        made[size].put(62, static_cast<std::uint8_t>(8 * (1 + size) >> 8));
        made[size].put(63, static_cast<std::uint8_t>(8 * (1 + size)));
    }
    return made;
}();

// Of a node's first block.
inline constexpr sha256_block_shape sha256_node_shape{1, sha256_block_shape::read_size};

// How many messages in front can be read as far as read_size without leaving all `count` of them.
[[nodiscard]] inline std::size_t sha256_leaves_inside(std::size_t size, std::size_t stride,
                                                      std::size_t count) noexcept {
    const auto beyond = sha256_block_shape::read_size - size;
    if (count == 0 || stride == 0) return 0;
    const auto near_end = (beyond + stride - 1) / stride;
    return count > near_end ? count - near_end : 0;
}

}  // namespace xacthuc::inline v0_1
