// SPDX-License-Identifier: Apache-2.0
// The tree over the rows of a group, hashed as they come: many leaves side by side, and of those that make a whole
// subtree of 128 only its root is kept, from which proofs are made in microseconds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>
#include <xacthuc/ledger/merkle_tree.hpp>
#include <xacthuc/ledger/row.hpp>

#include "ledger/day_key.hpp"
#include "ledger/little_endian.hpp"

namespace xacthuc::inline v0_1 {

// What a row says, without its salt.
struct row_content {
    std::uint64_t id = 0;
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
    claim_mask claims = 0;
    std::uint64_t verdict_bits = 0;
    std::int64_t time_unix_ms = 0;
    std::uint64_t officer = 0;
};

class rows_tree {
  public:
    static constexpr std::size_t chunk_rows = 128;

    // The place of the first row in its day. Exceptions: std::bad_alloc.
    rows_tree(day_key key, std::uint64_t first_place);

    // Exceptions: std::bad_alloc.
    void add(const row_content& row) {
        auto* at = messages_.get() + filled_ * stride + row_salt_bytes;
        // The bytes of encode_row(), in words.
        const auto time = static_cast<std::uint64_t>(row.time_unix_ms);
        store_little(row.id | std::uint64_t{row.agency} << 40 | std::uint64_t{row.procedure} << 56, at, 8);
        store_little(std::uint64_t{row.procedure} >> 8 | std::uint64_t{row.claims} << 8 | row.verdict_bits << 24,
                     at + 8, 8);
        store_little(row.verdict_bits >> 40 | time << 24, at + 16, 8);
        store_little((time >> 40 & 0xff) | row.officer << 8, at + 24, 8);
        at[32] = static_cast<std::byte>(row.officer >> 56);
        if (++filled_ == batch_rows) hash_batch();
    }
    // Of the rows so far. Complexity: a hash for each 128 of them. Exceptions: std::bad_alloc.
    [[nodiscard]] tree_hash root();
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_ + filled_; }
    // After root(): of each 128 rows, and of the rest.
    [[nodiscard]] const std::vector<tree_hash>& chunk_roots() const noexcept { return chunk_roots_; }

  private:
    static constexpr std::size_t batch_rows = 512;
    static constexpr std::size_t stride = 64;

    void hash_batch();

    day_key key_;
    std::uint64_t first_place_;
    std::uint64_t rows_ = 0;  // hashed
    std::size_t filled_ = 0;
    std::unique_ptr<std::byte[]> messages_;
    std::unique_ptr<std::byte[]> salts_;
    std::unique_ptr<tree_hash[]> hashes_;
    std::vector<tree_hash> chunk_roots_;
};

}  // namespace xacthuc::inline v0_1
