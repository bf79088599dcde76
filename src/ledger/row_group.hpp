// SPDX-License-Identifier: Apache-2.0
// One commit group as its private file has it: who asked, and by columns what was asked and answered.
//
//   calls      one after the other, each of so many of the rows
//   ids        of each row, under the ledger's permutation
//   kinds      each agency, procedure, claims and verdict that occurs, once; kind_of has one number a row
//
// Rows that fill the group up are counted and stand nowhere else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>
#include <xacthuc/domain/claim.hpp>

namespace xacthuc::inline v0_1 {

// A row has six bytes for its time.
inline constexpr std::int64_t row_time_end = std::int64_t{1} << 48;

struct group_call {
    std::uint64_t rows = 0;  // at least one
    std::int64_t time_unix_ms = 0;
    std::uint64_t officer = 0;
    std::uint64_t register_sequence = 0;
    bool is_signed = false;
    std::array<std::byte, 64> signature{};  // zeros where it is not signed

    friend bool operator==(const group_call&, const group_call&) = default;
};

struct row_kind {
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
    claim_mask claims = 0;
    std::uint64_t verdict_bits = 0;

    friend auto operator<=>(const row_kind&, const row_kind&) = default;
};

struct row_group {
    std::uint64_t leaf_index = 0;   // in the public log
    std::uint64_t first_place = 0;  // of its first row, in the day
    std::int64_t time_unix_ms = 0;  // as in its entry
    std::uint64_t tree_rows = 0;    // those included that fill it up
    std::vector<group_call> calls;
    std::vector<std::uint64_t> hidden_ids;
    std::vector<row_kind> kinds;
    std::vector<std::uint32_t> kind_of;

    [[nodiscard]] std::size_t rows() const noexcept { return hidden_ids.size(); }
    [[nodiscard]] const row_kind& kind(std::size_t row) const noexcept { return kinds[kind_of[row]]; }
};

}  // namespace xacthuc::inline v0_1
