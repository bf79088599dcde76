// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <bit>
#include <xacthuc/ledger/merkle_tree.hpp>

#include "domain/contract.hpp"
#include "hash/sha256.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Where a tree of more than one leaf is parted: the largest power of two below its size.
[[nodiscard]] std::uint64_t split_of(std::uint64_t size) noexcept {
    return std::bit_floor(size - 1);
}

[[nodiscard]] std::vector<tree_hash> roots_of(std::span<const tree_hash> leaves,
                                              const std::vector<tree_range>& ranges) {
    std::vector<tree_hash> roots;
    roots.reserve(ranges.size());
    for (const auto& range : ranges) roots.push_back(tree_root(leaves.subspan(range.begin, range.end - range.begin)));
    return roots;
}

// Puts the level above in the place of this one; a last node without a sibling goes up as it is. Returns its size.
std::size_t hash_level(std::span<tree_hash> level) noexcept {
    const auto pairs = level.size() / 2;
    sha256_nodes(level.first(2 * pairs), level.first(pairs));
    if (level.size() % 2 != 0) level[pairs] = level.back();
    return level.size() - pairs;
}

// Walks up from a leaf of a tree of `size` leaves: whether the next hash of a proof is the left sibling.
class climb {
  public:
    climb(std::uint64_t index, std::uint64_t size) noexcept : index_{index}, last_{size - 1} {}

    [[nodiscard]] bool is_at_root() const noexcept { return last_ == 0; }
    [[nodiscard]] bool has_left_sibling() const noexcept { return (index_ & 1) != 0 || index_ == last_; }
    void step() noexcept {
        // A last node without a sibling is a level higher what it is here.
        if (has_left_sibling())
            while ((index_ & 1) == 0 && index_ != 0) rise();
        rise();
    }
    void rise() noexcept {
        index_ >>= 1;
        last_ >>= 1;
    }
    // To the highest subtree that ends with the leaf.
    void rise_to_whole_subtree() noexcept {
        while ((index_ & 1) != 0) rise();
    }

  private:
    std::uint64_t index_;
    std::uint64_t last_;
};

}  // namespace

tree_hash tree_leaf(std::span<const std::byte> entry) noexcept {
    tree_hash hash;
    if (entry.size() <= sha256_leaf_size_max) {
        sha256_leaves(entry.data(), entry.size(), entry.size(), {&hash, 1});
        return hash;
    }
    crypto_hash_sha256_state state;
    constexpr unsigned char mark = 0;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &mark, 1);
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(entry.data()), entry.size());
    crypto_hash_sha256_final(&state, reinterpret_cast<unsigned char*>(hash.data()));
    return hash;
}

tree_hash tree_node(const tree_hash& left, const tree_hash& right) noexcept {
    const std::array children{left, right};
    tree_hash parent;
    sha256_nodes(children, {&parent, 1});
    return parent;
}

tree_hash tree_root(std::span<const tree_hash> leaves) {
    if (leaves.size() <= 1) return leaves.empty() ? sha256({}) : leaves.front();
    std::vector<tree_hash> level((leaves.size() + 1) / 2);
    sha256_nodes(leaves.first(leaves.size() / 2 * 2), std::span{level}.first(leaves.size() / 2));
    if (leaves.size() % 2 != 0) level.back() = leaves.back();
    return tree_root_in_place(level);
}

tree_hash tree_root_in_place(std::span<tree_hash> leaves) noexcept {
    if (leaves.empty()) return sha256({});
    while (leaves.size() > 1) leaves = leaves.first(hash_level(leaves));
    return leaves.front();
}

std::vector<tree_range> inclusion_ranges(std::uint64_t index, std::uint64_t size) {
    contract::within("inclusion_ranges", "index", index, 0, size);
    std::vector<tree_range> ranges;
    tree_range within{0, size};
    while (within.end - within.begin > 1) {
        const auto split = within.begin + split_of(within.end - within.begin);
        const bool is_left = index < split;
        ranges.push_back(is_left ? tree_range{split, within.end} : tree_range{within.begin, split});
        within = is_left ? tree_range{within.begin, split} : tree_range{split, within.end};
    }
    std::ranges::reverse(ranges);
    return ranges;
}

std::vector<tree_range> consistency_ranges(std::uint64_t from, std::uint64_t to) {
    contract::within("consistency_ranges", "from", from, 1, to + 1);
    std::vector<tree_range> ranges;
    tree_range within{0, to};
    while (within.end != from) {
        const auto split = within.begin + split_of(within.end - within.begin);
        const bool is_left = from <= split;
        ranges.push_back(is_left ? tree_range{split, within.end} : tree_range{within.begin, split});
        within = is_left ? tree_range{within.begin, split} : tree_range{split, within.end};
    }
    // What starts at the first leaf is the older tree itself, whose root is known to who checks.
    if (within.begin != 0) ranges.push_back(within);
    std::ranges::reverse(ranges);
    return ranges;
}

std::vector<tree_hash> prove_inclusion(std::span<const tree_hash> leaves, std::uint64_t index) {
    contract::within("prove_inclusion", "index", index, 0, leaves.size());
    // Level by level, so that many nodes are hashed at once, and each once.
    std::vector<tree_hash> proof;
    std::vector<tree_hash> level{leaves.begin(), leaves.end()};
    while (level.size() > 1) {
        if (const auto sibling = index ^ 1; sibling < level.size()) proof.push_back(level[sibling]);
        level.resize(hash_level(level));
        index >>= 1;
    }
    return proof;
}

std::vector<tree_hash> prove_consistency(std::span<const tree_hash> leaves, std::uint64_t from) {
    contract::within("prove_consistency", "from", from, 1, leaves.size() + 1);
    return roots_of(leaves, consistency_ranges(from, leaves.size()));
}

std::optional<tree_hash> included_root(const tree_hash& leaf, std::uint64_t index, std::uint64_t size,
                                       std::span<const tree_hash> proof) noexcept {
    if (index >= size) return std::nullopt;
    climb at{index, size};
    auto root = leaf;
    for (const auto& sibling : proof) {
        if (at.is_at_root()) return std::nullopt;
        root = at.has_left_sibling() ? tree_node(sibling, root) : tree_node(root, sibling);
        at.step();
    }
    if (!at.is_at_root()) return std::nullopt;
    return root;
}

bool is_consistent(std::uint64_t from, const tree_hash& from_root, std::uint64_t to, const tree_hash& to_root,
                   std::span<const tree_hash> proof) noexcept {
    if (from > to) return false;
    if (from == 0) return proof.empty() && from_root == sha256({}) && (to != 0 || to_root == from_root);
    if (from == to) return proof.empty() && from_root == to_root;
    const bool is_whole_subtree = std::has_single_bit(from);
    if (!is_whole_subtree && proof.empty()) return false;
    auto older = is_whole_subtree ? from_root : proof.front();
    auto newer = older;
    climb at{from - 1, to};
    at.rise_to_whole_subtree();
    for (const auto& sibling : proof.subspan(is_whole_subtree ? 0 : 1)) {
        if (at.is_at_root()) return false;
        if (at.has_left_sibling()) {
            older = tree_node(sibling, older);
            newer = tree_node(sibling, newer);
        } else {
            newer = tree_node(newer, sibling);
        }
        at.step();
    }
    return at.is_at_root() && older == from_root && newer == to_root;
}

}  // namespace xacthuc::inline v0_1
