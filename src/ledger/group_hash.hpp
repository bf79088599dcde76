// SPDX-License-Identifier: Apache-2.0
// From a group's rows to its entry in the public log, and the proofs that a row is among them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>
#include <xacthuc/ledger/group_leaf.hpp>
#include <xacthuc/ledger/merkle_tree.hpp>
#include <xacthuc/ledger/row.hpp>

#include "ledger/day_key.hpp"
#include "ledger/id_permutation.hpp"
#include "ledger/row_group.hpp"
#include "ledger/rows_tree.hpp"

namespace xacthuc::inline v0_1 {

[[nodiscard]] row_content content_of(const row_group& group, const group_call& of, std::size_t row,
                                     const id_permutation& ids) noexcept;
// The entry of a group whose rows have this root, as many as the group says that its tree has.
[[nodiscard]] group_leaf leaf_of(const row_group& group, const std::array<std::byte, 32>& policy,
                                 const tree_hash& rows_root, const day_key& key);

// The whole entry again, from what the file says, and the tree above each 128 rows.
// Requires: calls that have all rows and no more; of a group from a file, as many rows in the tree as the log says: a
// damaged file may name any number.
// Complexity: about three blocks of SHA-256 a row of the tree. Exceptions: std::bad_alloc.
struct hashed_group {
    group_leaf leaf;
    chunk_tree tree;
};
[[nodiscard]] hashed_group hash_group(const row_group& group, const std::array<std::byte, 32>& policy,
                                      const day_key& key, const id_permutation& ids);

// The call that a row is of, and the row at which that call begins.
struct row_call {
    std::size_t call = 0;
    std::size_t first_row = 0;
};
// Requires: row < group.rows(). Complexity: linear in the calls.
[[nodiscard]] row_call find_call(const row_group& group, std::size_t row) noexcept;

// A row with its salt, and that it stands in the rows' root. Requires: row < group.rows(); the call of the first row of
// its 128.
struct row_proof {
    ledger_row row;
    std::vector<tree_hash> path;
};
[[nodiscard]] row_proof prove_row(const row_group& group, std::size_t row, const row_call& begin,
                                  const chunk_tree& tree, const day_key& key, const id_permutation& ids);

}  // namespace xacthuc::inline v0_1
