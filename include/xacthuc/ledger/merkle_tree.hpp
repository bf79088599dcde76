// SPDX-License-Identifier: Apache-2.0
// The Merkle tree of transparency logs: roots, proofs that an entry stands in a tree, and that one tree begins another.
// Source: RFC 6962, section 2.1, with SHA-256; proofs are checked as RFC 9162, sections 2.1.3.2 and 2.1.4.2, says.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

using tree_hash = std::array<std::byte, 32>;

// What stands for an entry in the tree: SHA-256(0x00, entry).
[[nodiscard]] XACTHUC_API tree_hash tree_leaf(std::span<const std::byte> entry) noexcept;
// What stands for two subtrees: SHA-256(0x01, left, right).
[[nodiscard]] XACTHUC_API tree_hash tree_node(const tree_hash& left, const tree_hash& right) noexcept;

// The root of the tree over these leaves; of none, SHA-256 of nothing.
// Complexity: a hash for each leaf but one, many side by side.
[[nodiscard]] XACTHUC_API tree_hash tree_root(std::span<const tree_hash> leaves);
// The same without taking memory: the leaves are overwritten.
[[nodiscard]] XACTHUC_API tree_hash tree_root_in_place(std::span<tree_hash> leaves) noexcept;

// Entries of a log, from `begin` up to but not including `end`.
struct tree_range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    friend bool operator==(const tree_range&, const tree_range&) = default;
};

// Over which entries the hashes of a proof stand, in the proof's order: who has hashes of subtrees makes it from them.
// Requires: index < size; 1 <= from <= to.
// Complexity: the logarithm of the size.
// Exceptions: std::invalid_argument for others, as of the proofs below.
[[nodiscard]] XACTHUC_API std::vector<tree_range> inclusion_ranges(std::uint64_t index, std::uint64_t size);
[[nodiscard]] XACTHUC_API std::vector<tree_range> consistency_ranges(std::uint64_t from, std::uint64_t to);

// Proofs about the tree over these leaves: that leaf `index` stands in it, and that its first `from` leaves are a tree
// which it continues.
// Requires: index < leaves.size(); 1 <= from <= leaves.size().
// Complexity: as tree_root().
[[nodiscard]] XACTHUC_API std::vector<tree_hash> prove_inclusion(std::span<const tree_hash> leaves,
                                                                 std::uint64_t index);
[[nodiscard]] XACTHUC_API std::vector<tree_hash> prove_consistency(std::span<const tree_hash> leaves,
                                                                   std::uint64_t from);

// The root of the tree of `size` leaves in which the proof puts this leaf at this index; nothing when it is not as long
// as such a proof is. Whoever trusts the root by a signature compares.
// Complexity: a hash for each of the proof.
[[nodiscard]] XACTHUC_API std::optional<tree_hash> included_root(const tree_hash& leaf, std::uint64_t index,
                                                                 std::uint64_t size,
                                                                 std::span<const tree_hash> proof) noexcept;

// Whether the proof shows that the tree of `from` leaves is what the tree of `to` leaves begins with. Every tree
// continues that of no leaves, without a proof.
// Complexity: two hashes for each of the proof.
[[nodiscard]] XACTHUC_API bool is_consistent(std::uint64_t from, const tree_hash& from_root, std::uint64_t to,
                                             const tree_hash& to_root, std::span<const tree_hash> proof) noexcept;

}  // namespace xacthuc::inline v0_1
