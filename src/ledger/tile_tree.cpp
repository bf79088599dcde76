// SPDX-License-Identifier: Apache-2.0
#include "ledger/tile_tree.hpp"

#include <bit>
#include <optional>

namespace xacthuc::inline v0_1 {

failure damaged_log_file(const tile_files& files, const std::string& path, const std::string& why) {
    return {errc::damaged_log, (files.directory() / path).string() + ": " + why};
}

namespace {

// One of less than full width may have become a full one by now, of a log that grows.
[[nodiscard]] detailed_result<entry_bundle> read_bundle(const tile_files& files, std::uint64_t index,
                                                        std::size_t width) {
    auto path = bundle_path(index, width);
    auto bytes = files.read(path, width * (entry_bytes_max + 2));
    bool is_wider = false;
    if (bytes.has_error() && bytes.error().code == errc::not_found && width != tile_width_max) {
        auto wider = files.read(bundle_path(index), tile_width_max * (entry_bytes_max + 2));
        is_wider = wider.has_value();
        if (is_wider) bytes = std::move(wider);
    }
    if (!bytes) return bytes.error();
    auto bundle = entry_bundle::parse(std::move(*bytes), is_wider ? tile_width_max : width);
    if (!bundle) return damaged_log_file(files, path, "not a bundle of so many entries");
    if (is_wider) bundle->narrow(width);
    return std::move(*bundle);
}

}  // namespace

detailed_result<void> tile_tree::load(std::uint64_t size) {
    size_ = size;
    for (unsigned level = 0; level < tile_levels_max && size_ >> (tile_height * level) != 0; ++level) {
        edge_.emplace_back();
        const auto extent = tile_extent::of(size_, level);
        if (extent.width == 0) continue;
        const auto tile = read_tile(files_, level, extent.full, extent.width);
        if (!tile) return tile.error();
        edge_.back() = **tile;
    }
    if (const auto extent = tile_extent::of(size_, 0); extent.width != 0) {
        const auto path = bundle_path(extent.full, extent.width);
        auto bundle = read_bundle(files_, extent.full, extent.width);
        if (!bundle) return bundle.error();
        for (std::size_t i = 0; i < extent.width; ++i)
            if (tree_leaf(bundle->entry(i)) != edge_.front().hashes()[i])
                return damaged_log_file(files_, path, "entry " + std::to_string(i) + " is not the one in the tree");
        edge_entries_ = std::move(*bundle);
    }
    return {};
}

void tile_tree::append(std::span<const std::span<const std::byte>> entries) {
    std::vector<tree_hash> leaves;
    leaves.reserve(entries.size());
    for (const auto& entry : entries) {
        leaves.push_back(tree_leaf(entry));
        edge_entries_.append(entry);
        if (edge_entries_.width() < tile_width_max) continue;
        full_bundles_.emplace((size_ + leaves.size()) / tile_width_max - 1, std::exchange(edge_entries_, {}));
    }
    put_hashes(0, leaves, size_);
    size_ += leaves.size();
}

// Puts hashes at the end of a level; each tile that they fill becomes a hash of the level above.
void tile_tree::put_hashes(unsigned level, std::span<const tree_hash> hashes, std::uint64_t size_before) {
    std::vector<tree_hash> above;
    auto index = tile_extent::of(size_before, level).full;
    while (!hashes.empty()) {
        if (level == edge_.size()) edge_.emplace_back();
        auto& tile = edge_[level];
        hashes = hashes.subspan(tile.append(hashes));
        if (tile.width() < tile_width_max) break;
        above.push_back(tile.node(tile_height, 0));
        full_tiles_.emplace(std::pair{level, index++}, tile);
        tile.clear();
    }
    if (!above.empty()) put_hashes(level + 1, above, size_before);
}

detailed_result<void> tile_tree::write(std::uint64_t written) {
    for (const auto& [index, bundle] : full_bundles_)
        if (auto done = files_.add(bundle_path(index), bundle.bytes()); !done) return done;
    for (const auto& [place, tile] : full_tiles_)
        if (auto done = files_.add(tile_path(place.first, place.second), std::as_bytes(tile.hashes())); !done)
            return done;
    if (auto done = write_edge(written); !done) return done;
    return files_.sync_folders();
}

detailed_result<void> tile_tree::write_edge(std::uint64_t written) {
    for (unsigned level = 0; level < edge_.size(); ++level) {
        const auto now = tile_extent::of(size_, level);
        const auto before = tile_extent::of(written, level);
        if (now.width == 0 || (now.width == before.width && now.full == before.full)) continue;
        const auto path = tile_path(level, now.full, now.width);
        if (auto done = files_.add(path, std::as_bytes(edge_[level].hashes())); !done) return done;
        if (level != 0) continue;
        if (auto done = files_.add(bundle_path(now.full, now.width), edge_entries_.bytes()); !done) return done;
    }
    return {};
}

// A narrower tile may go once the full one is published. Those that stay for an error only take space.
void tile_tree::settle() {
    for (const auto& [place, tile] : full_tiles_)
        files_.discard_folder(partial_folder(tile_path(place.first, place.second)));
    for (const auto& [index, bundle] : full_bundles_) files_.discard_folder(partial_folder(bundle_path(index)));
    full_tiles_.clear();
    full_bundles_.clear();
}

detailed_result<const hash_tile*> tile_tree::tile_at(unsigned level, std::uint64_t index) {
    if (index == tile_extent::of(size_, level).full) return &edge_[level];
    if (const auto found = full_tiles_.find({level, index}); found != full_tiles_.end()) return &found->second;
    if (const auto* const kept = cache_.find(level, index)) return kept;
    const auto above = tile_at(level + 1, index / tile_width_max);
    if (!above) return above.error();
    const auto expected = (*above)->hashes()[index % tile_width_max];
    return cache_.load(files_, level, index, expected);
}

detailed_result<tree_hash> tile_tree::node(unsigned tree_level, std::uint64_t position) {
    const auto level = tree_level / tile_height;
    const auto height = tree_level % tile_height;
    const auto per_tile = tile_width_max >> height;
    const auto tile = tile_at(level, position / per_tile);
    if (!tile) return tile.error();
    return (*tile)->node(height, position % per_tile);
}

detailed_result<tree_hash> tile_tree::root_of(tree_range range) {
    // Whole subtrees, from the last and smallest; the others stand left of it.
    std::optional<tree_hash> root;
    for (auto left = range.end - range.begin, end = range.end; left != 0; left &= left - 1) {
        const auto tree_level = static_cast<unsigned>(std::countr_zero(left));
        end -= std::uint64_t{1} << tree_level;
        const auto subtree = node(tree_level, end >> tree_level);
        if (!subtree) return subtree.error();
        root = root ? tree_node(*subtree, *root) : *subtree;
    }
    return root ? *root : tree_root({});
}

detailed_result<std::vector<tree_hash>> tile_tree::roots_of(const std::vector<tree_range>& ranges) {
    std::vector<tree_hash> roots;
    for (const auto& range : ranges) {
        const auto root = root_of(range);
        if (!root) return root.error();
        roots.push_back(*root);
    }
    return roots;
}

detailed_result<std::vector<std::byte>> tile_tree::read_entry(std::uint64_t index) {
    const auto position = index % tile_width_max;
    const auto of = index / tile_width_max;
    const auto copy = [&](const entry_bundle& bundle) {
        const auto entry = bundle.entry(position);
        return std::vector<std::byte>{entry.begin(), entry.end()};
    };
    if (of == tile_extent::of(size_, 0).full) return copy(edge_entries_);
    if (const auto found = full_bundles_.find(of); found != full_bundles_.end()) return copy(found->second);
    const auto path = bundle_path(of);
    const auto bundle = read_bundle(files_, of, tile_width_max);
    if (!bundle) return bundle.error();
    const auto leaf = node(0, index);
    if (!leaf) return leaf.error();
    if (tree_leaf(bundle->entry(position)) != *leaf)
        return damaged_log_file(files_, path, "entry " + std::to_string(position) + " is not the one in the tree");
    return copy(*bundle);
}

}  // namespace xacthuc::inline v0_1
