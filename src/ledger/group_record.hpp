// SPDX-License-Identifier: Apache-2.0
// A group as it is written while its hour is open: at once, in one piece, by columns without much packing.
//
//   head, 256 B
//     magic "xt-grp-1" 8 · payload bytes 8 · leaf index 8 · first place 8 · rows 8 · nonce 24 · entry 160
//     zeros 16 · XXH3-128 16: of the hash of the record before, the head up to here, and the payload
//   payload, encrypted with the day's key
//     calls 4 · kinds 4
//     calls      rows 4 · time 8 · officer 8 · sequence 8 · signed 1 · signature 64 where it is
//     kinds      agency 2 · procedure 2 · claims 2 · verdict 8
//     ids        5 a row
//     kind_of    1, 2 or 4 a row, as many as the count of kinds needs
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/ledger/group_leaf.hpp>

#include "hash/content_hash.hpp"
#include "ledger/day_key.hpp"
#include "ledger/row_group.hpp"

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t group_head_bytes = 256;
using group_entry = std::array<std::byte, group_leaf_bytes>;

// What a head says.
struct group_head {
    std::uint64_t payload_bytes = 0;
    std::uint64_t leaf_index = 0;
    std::uint64_t first_place = 0;
    std::uint64_t rows = 0;
    day_key::cipher_nonce nonce{};
    group_entry entry{};
    group_leaf leaf;
    damage_hash hash{};

    // Errors: not_of_a_ledger. The hash is not looked at.
    [[nodiscard]] static result<group_head> decode(std::span<const std::byte, group_head_bytes> bytes) noexcept;
};

// Head and payload. Exceptions: std::bad_alloc.
[[nodiscard]] std::vector<std::byte> encode_group(const row_group& group, const group_entry& entry, const day_key& key,
                                                  const damage_hash& before);
// Whether head and payload are as they were written, behind a record with this hash.
[[nodiscard]] bool is_undamaged(std::span<const std::byte, group_head_bytes> head, std::span<const std::byte> payload,
                                const damage_hash& before);
// Decrypts the payload in place. Errors: not_of_a_ledger. Exceptions: std::bad_alloc.
[[nodiscard]] result<row_group> decode_group(const group_head& head, std::span<std::byte> payload, const day_key& key);

}  // namespace xacthuc::inline v0_1
