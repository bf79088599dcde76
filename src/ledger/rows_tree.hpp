// SPDX-License-Identifier: Apache-2.0
// The tree over the rows of a group, hashed as they come. Of 128 rows only the root of their subtree is kept, and what
// stands above: from these and 128 rows again a proof is made in microseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>
#include <xacthuc/ledger/merkle_tree.hpp>

#include "ledger/day_key.hpp"
#include "ledger/little_endian.hpp"
#include "ledger/row_hashing.hpp"

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

// The upper part of a tree: above the roots of chunks of rows.
class chunk_tree {
  public:
    chunk_tree() = default;
    // Complexity: a hash a chunk. Exceptions: std::bad_alloc.
    explicit chunk_tree(std::vector<tree_hash> chunk_roots);

    // Of the whole; of no chunks, SHA-256 of nothing.
    [[nodiscard]] tree_hash root() const;
    // That a chunk stands in it. Complexity: the square of the logarithm of their number.
    [[nodiscard]] std::vector<tree_hash> prove(std::uint64_t chunk) const;

  private:
    [[nodiscard]] tree_hash root_of(tree_range range) const;

    std::vector<std::vector<tree_hash>> levels_;  // each of whole subtrees alone
};

class rows_tree {
  public:
    // The place of the first row in its day. Requires: the hashing outlives it, and has nothing else to do.
    // Exceptions: std::bad_alloc.
    rows_tree(day_key key, std::uint64_t first_place, row_hashing& by);

    // Exceptions: std::bad_alloc.
    void add(const row_content& row) {
        auto* at = batch_->messages.get() + batch_->rows * row_batch::stride + row_salt_bytes;
        // The bytes of encode_row(), in words.
        const auto time = static_cast<std::uint64_t>(row.time_unix_ms);
        store_little(row.id | std::uint64_t{row.agency} << 40 | std::uint64_t{row.procedure} << 56, at, 8);
        store_little(std::uint64_t{row.procedure} >> 8 | std::uint64_t{row.claims} << 8 | row.verdict_bits << 24,
                     at + 8, 8);
        store_little(row.verdict_bits >> 40 | time << 24, at + 16, 8);
        store_little((time >> 40 & 0xff) | row.officer << 8, at + 24, 8);
        at[32] = static_cast<std::byte>(row.officer >> 56);
        if (++batch_->rows == row_batch::rows_max) submit();
    }
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_ + batch_->rows; }
    // Of all rows. Requires: none is added afterwards. Exceptions: std::bad_alloc.
    [[nodiscard]] chunk_tree finish();

  private:
    void submit();
    [[nodiscard]] std::unique_ptr<row_batch> next_batch();

    day_key key_;
    std::uint64_t first_place_;
    row_hashing& by_;
    std::uint64_t rows_ = 0;  // submitted
    std::unique_ptr<row_batch> batch_;
};

}  // namespace xacthuc::inline v0_1
