// SPDX-License-Identifier: Apache-2.0
// Full tiles of hashes that were read from files, the last used of them: proofs for neighbours need the same ones.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "ledger/hash_tile.hpp"
#include "ledger/tile_files.hpp"

namespace xacthuc::inline v0_1 {

class tile_cache {
  public:
    // Nothing when it is not here. What is returned stays until the next load().
    [[nodiscard]] const hash_tile* find(unsigned level, std::uint64_t index) noexcept;
    // Reads one that is not here, and believes it when its root is `expected`.
    // Errors: not_found; io; damaged_log.
    [[nodiscard]] detailed_result<const hash_tile*> load(const tile_files& files, unsigned level, std::uint64_t index,
                                                         const tree_hash& expected);

  private:
    static constexpr std::size_t tiles_max = 64;  // 1 MiB

    struct kept_tile {
        unsigned level;
        std::uint64_t index;
        std::unique_ptr<hash_tile> tile;
    };
    std::vector<kept_tile> tiles_;  // the last used last
};

// The hashes in a tile's file.
// Errors: not_found; io; damaged_log (not so many).
[[nodiscard]] detailed_result<std::unique_ptr<hash_tile>> read_tile(const tile_files& files, unsigned level,
                                                                    std::uint64_t index, std::size_t width);

}  // namespace xacthuc::inline v0_1
