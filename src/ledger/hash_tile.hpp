// SPDX-License-Identifier: Apache-2.0
// A tile with the nodes that its file leaves out, so that a proof reads them instead of hashing 255 times:
//
//   height 0: 256 hashes, as in the file | height 1: 128 | ... | height 8: 1
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <xacthuc/ledger/merkle_tree.hpp>

#include "hash/sha256.hpp"
#include "ledger/tile_path.hpp"

namespace xacthuc::inline v0_1 {

class hash_tile {
  public:
    [[nodiscard]] std::size_t width() const noexcept { return width_; }
    [[nodiscard]] std::span<const tree_hash> hashes() const noexcept { return {nodes_.data(), width_}; }
    // Requires: the node's subtree is whole: (position + 1) << height <= width().
    [[nodiscard]] const tree_hash& node(unsigned height, std::size_t position) const noexcept {
        return nodes_[begin_of(height) + position];
    }
    // Takes as many as it has room for; returns how many.
    std::size_t append(std::span<const tree_hash> hashes) noexcept {
        const auto before = width_;
        const auto taken = std::min(hashes.size(), tile_width_max - width_);
        std::copy_n(hashes.begin(), taken, nodes_.begin() + static_cast<std::ptrdiff_t>(width_));
        width_ += taken;
        for (unsigned height = 1; height <= tile_height; ++height) {
            const auto from = before >> height;
            const auto count = (width_ >> height) - from;
            if (count == 0) continue;
            const std::span all{nodes_};
            sha256_nodes(all.subspan(begin_of(height - 1) + 2 * from, 2 * count),
                         all.subspan(begin_of(height) + from, count));
        }
        return taken;
    }
    void clear() noexcept { width_ = 0; }

  private:
    [[nodiscard]] static constexpr std::size_t begin_of(unsigned height) noexcept {
        return 2 * tile_width_max - (2 * tile_width_max >> height);
    }

    std::size_t width_ = 0;
    std::array<tree_hash, 2 * tile_width_max - 1> nodes_{};
};

}  // namespace xacthuc::inline v0_1
