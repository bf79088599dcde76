// SPDX-License-Identifier: Apache-2.0
#include "ledger/rows_tree.hpp"

#include <cstring>

#include "hash/sha256.hpp"

namespace xacthuc::inline v0_1 {

static_assert(rows_tree::chunk_rows == 128);

rows_tree::rows_tree(day_key key, std::uint64_t first_place)
    : key_{std::move(key)},
      first_place_{first_place},
      messages_{std::make_unique<std::byte[]>(batch_rows * stride)},
      salts_{std::make_unique<std::byte[]>(batch_rows * row_salt_bytes)},
      hashes_{std::make_unique<tree_hash[]>(batch_rows)} {}

void rows_tree::hash_batch() {
    const std::span salts{salts_.get(), filled_ * row_salt_bytes};
    key_.salts(first_place_ + rows_, salts);
    for (std::size_t k = 0; k < filled_; ++k)
        std::memcpy(messages_.get() + k * stride, salts.data() + k * row_salt_bytes, row_salt_bytes);
    const std::span hashes{hashes_.get(), filled_};
    sha256_leaves(messages_.get(), row_bytes, stride, hashes);
    const auto whole = filled_ / chunk_rows * chunk_rows;
    auto level = hashes.first(whole);
    for (std::size_t rows = 1; rows < chunk_rows && whole != 0; rows *= 2) {
        const auto above = hashes.first(level.size() / 2);
        sha256_nodes(level, above);
        level = above;
    }
    chunk_roots_.insert(chunk_roots_.end(), level.begin(), level.end());
    if (whole != filled_) chunk_roots_.push_back(tree_root_in_place(hashes.subspan(whole)));
    rows_ += filled_;
    filled_ = 0;
}

tree_hash rows_tree::root() {
    if (filled_ != 0) hash_batch();
    return tree_root(chunk_roots_);
}

}  // namespace xacthuc::inline v0_1
