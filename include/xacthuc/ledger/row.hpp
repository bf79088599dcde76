// SPDX-License-Identifier: Apache-2.0
// What one answer leaves in the ledger: 49 bytes, which with the tag of a leaf are one block of SHA-256. All numbers
// are little-endian.
//
//   salt 16 · id 5 · agency 2 · procedure 2 · claims 2 · verdict 8 · time 6 · officer 8
//
// The salt makes the row's hash say nothing to who can guess the rest. It comes from the day's key and is stored
// nowhere. The verdict is what the asker was shown. The time is that of the call, in milliseconds. A row of zeros
// behind its salt answers nobody: it fills a group up, so that its size does not point at a person.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t row_salt_bytes = 16;
inline constexpr std::size_t row_bytes = 49;
using row_salt = std::array<std::byte, row_salt_bytes>;

// A row, read.
struct ledger_row {
    row_salt salt{};
    std::uint64_t id = 0;  // as personal_id::value()
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
    claim_mask claims = 0;
    std::uint64_t verdict_bits = 0;  // as verdict::bits(); 0 in a row that fills up
    std::int64_t time_unix_ms = 0;   // from 1970 to the year 10,889
    std::uint64_t officer = 0;

    [[nodiscard]] xacthuc::verdict verdict() const noexcept { return xacthuc::verdict::from_bits(verdict_bits); }
    friend bool operator==(const ledger_row&, const ledger_row&) = default;
};

// Writes the bytes of a row.
// Requires: id and time fit into their bytes.
// Complexity: constant.
// Concurrency: wait-free.
XACTHUC_API void encode_row(const ledger_row& from, std::span<std::byte, row_bytes> to) noexcept;
// Reads them. Every 49 bytes are a row.
// Concurrency: wait-free.
[[nodiscard]] XACTHUC_API ledger_row decode_row(std::span<const std::byte, row_bytes> from) noexcept;

}  // namespace xacthuc::inline v0_1
