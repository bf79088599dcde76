// SPDX-License-Identifier: Apache-2.0
// The public log's entry: one for all that was answered in one commit group, a second at most. 160 bytes,
// little-endian.
//
//   tag "xt-leaf1" 8 · time 8 · rows 8 · register sequence 8 · policy 32 · rows root 32 · contexts 32 · signatures 32
//
//   rows        how many rows the tree has, those included that fill it up
//   sequence    the oldest state of the register that a row of the group was answered from
//   policy      SHA-256 of the table that all of the group were judged by; zeros where there was none
//   rows root   of the tree of RFC 6962 over the rows, in their order
//   contexts    SHA-256 of 32 secret bytes and, for each call, agency 2 · procedure 2 · officer 8 · rows 8: who asked.
//               Agency and procedure are 0 where the rows of a call differ
//   signatures  SHA-256 of, for each call that its agency signed, its number in the group 8 · signature 64
//
// The time is that at which the group was begun.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t group_leaf_bytes = 160;

// An entry, read.
struct group_leaf {
    std::int64_t time_unix_ms = 0;
    std::uint64_t rows = 0;
    std::uint64_t register_sequence = 0;
    std::array<std::byte, 32> policy{};
    std::array<std::byte, 32> rows_root{};
    std::array<std::byte, 32> contexts{};
    std::array<std::byte, 32> signatures{};

    // Complexity: constant.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API std::array<std::byte, group_leaf_bytes> encode() const noexcept;
    // Errors: not_of_a_ledger (another length, or another tag).
    [[nodiscard]] XACTHUC_API static result<group_leaf> decode(std::span<const std::byte> bytes) noexcept;

    friend bool operator==(const group_leaf&, const group_leaf&) = default;
};

}  // namespace xacthuc::inline v0_1
