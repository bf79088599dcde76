// SPDX-License-Identifier: Apache-2.0
#include "ledger/rows_tree.hpp"

#include <bit>

#include "hash/sha256.hpp"

namespace xacthuc::inline v0_1 {

chunk_tree::chunk_tree(std::vector<tree_hash> chunk_roots) {
    levels_.push_back(std::move(chunk_roots));
    while (levels_.back().size() > 1) {
        const auto& below = levels_.back();
        std::vector<tree_hash> level(below.size() / 2);
        sha256_nodes(std::span{below}.first(2 * level.size()), level);
        levels_.push_back(std::move(level));
    }
}

// Whole subtrees are there; at the right edge a range is made of some of them, from the right on.
tree_hash chunk_tree::root_of(tree_range range) const {
    auto left = range.end - range.begin;
    auto end = range.end;
    std::optional<tree_hash> root;
    while (left != 0) {
        const auto level = static_cast<std::size_t>(std::countr_zero(left));
        const auto& whole = levels_[level][(end >> level) - 1];
        root = root ? tree_node(whole, *root) : whole;
        end -= std::uint64_t{1} << level;
        left -= std::uint64_t{1} << level;
    }
    return *root;
}

tree_hash chunk_tree::root() const {
    if (levels_.empty() || levels_.front().empty()) return tree_root({});
    return root_of({0, levels_.front().size()});
}

std::vector<tree_hash> chunk_tree::prove(std::uint64_t chunk) const {
    std::vector<tree_hash> path;
    for (const auto& range : inclusion_ranges(chunk, levels_.front().size())) path.push_back(root_of(range));
    return path;
}

rows_tree::rows_tree(day_key key, std::uint64_t first_place, row_hashing& by)
    : key_{std::move(key)}, first_place_{first_place}, by_{by}, batch_{next_batch()} {}

std::unique_ptr<row_batch> rows_tree::next_batch() {
    auto batch = by_.empty_batch();
    batch->key = key_;
    batch->first_place = first_place_ + rows_;
    return batch;
}

void rows_tree::submit() {
    const auto rows = batch_->rows;
    by_.submit(std::exchange(batch_, nullptr));
    rows_ += rows;
    batch_ = next_batch();
}

chunk_tree rows_tree::finish() {
    if (batch_->rows != 0) submit();
    return chunk_tree{by_.collect()};
}

}  // namespace xacthuc::inline v0_1
