// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile_cache.hpp"

#include <algorithm>
#include <cstring>

namespace xacthuc::inline v0_1 {

const hash_tile* tile_cache::find(unsigned level, std::uint64_t index) noexcept {
    const auto found =
        std::ranges::find_if(tiles_, [&](const kept_tile& one) { return one.level == level && one.index == index; });
    if (found == tiles_.end()) return nullptr;
    std::rotate(found, found + 1, tiles_.end());
    return tiles_.back().tile.get();
}

detailed_result<const hash_tile*> tile_cache::load(const tile_files& files, unsigned level, std::uint64_t index,
                                                   const tree_hash& expected) {
    auto tile = read_tile(files, level, index, tile_width_max);
    if (!tile) return tile.error();
    if ((*tile)->node(tile_height, 0) != expected)
        return failure{errc::damaged_log, (files.directory() / tile_path(level, index)).string() +
                                              ": its root is not the one that the tile above has for it"};
    if (tiles_.size() == tiles_max) tiles_.erase(tiles_.begin());
    tiles_.push_back({level, index, std::move(*tile)});
    return tiles_.back().tile.get();
}

detailed_result<std::unique_ptr<hash_tile>> read_tile(const tile_files& files, unsigned level, std::uint64_t index,
                                                      std::size_t width) {
    const auto path = tile_path(level, index, width);
    auto bytes = files.read(path, width * sizeof(tree_hash));
    auto size = width;
    if (bytes.has_error() && bytes.error().code == errc::not_found && width != tile_width_max) {
        // Of a log that grows, it may have become a full one by now.
        if (auto wider = files.read(tile_path(level, index), tile_width_max * sizeof(tree_hash))) {
            bytes = std::move(wider);
            size = tile_width_max;
        }
    }
    if (!bytes) return bytes.error();
    if (bytes->size() != size * sizeof(tree_hash))
        return failure{errc::damaged_log, (files.directory() / path).string() + ": not the size of such a tile"};
    std::vector<tree_hash> hashes(width);
    std::memcpy(hashes.data(), bytes->data(), width * sizeof(tree_hash));
    auto tile = std::make_unique<hash_tile>();
    tile->append(hashes);
    return tile;
}

}  // namespace xacthuc::inline v0_1
