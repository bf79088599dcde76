// SPDX-License-Identifier: Apache-2.0
// The tree of a log: its right edge in memory, what became full since it was last written, and everything else in
// files, read when a proof needs it and believed when it hangs in the tree.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "ledger/entry_bundle.hpp"
#include "ledger/hash_tile.hpp"
#include "ledger/tile_cache.hpp"
#include "ledger/tile_files.hpp"

namespace xacthuc::inline v0_1 {

// Concurrency: single thread.
class tile_tree {
  public:
    explicit tile_tree(tile_files files) : files_{std::move(files)} {}

    // Reads the edge of a tree of so many entries. Whoever has a checkpoint compares the root.
    // Requires: nothing was loaded or appended before.
    // Errors: not_found; io; damaged_log (the last entries are not those of the tiles).
    [[nodiscard]] detailed_result<void> load(std::uint64_t size);
    // Puts entries after the others, in memory.
    // Requires: each has at most entry_bytes_max bytes.
    // Exceptions: std::bad_alloc, and then it is of no more use.
    void append(std::span<const std::span<const std::byte>> entries);
    // Writes what is new since the tree had `written` entries, and syncs it and its folders.
    // Errors: io; disk_full.
    [[nodiscard]] detailed_result<void> write(std::uint64_t written);
    // Lets go of what write() has written and is full, and removes the narrower tiles that came before it.
    void settle();

    [[nodiscard]] tile_files& files() noexcept { return files_; }
    [[nodiscard]] const tile_files& files() const noexcept { return files_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

    // Requires: index < size().
    // Errors: io; not_found; damaged_log (what the file has is not the entry of the tree).
    [[nodiscard]] detailed_result<std::vector<std::byte>> read_entry(std::uint64_t index);
    // Roots of subtrees such as proofs are made of.
    // Requires: they end at or before size().
    // Errors: io; not_found; damaged_log (a tile is not what stands above it).
    [[nodiscard]] detailed_result<tree_hash> root_of(tree_range range);
    [[nodiscard]] detailed_result<std::vector<tree_hash>> roots_of(const std::vector<tree_range>& ranges);

  private:
    void put_hashes(unsigned level, std::span<const tree_hash> hashes, std::uint64_t size_before);
    [[nodiscard]] detailed_result<void> write_edge(std::uint64_t written);
    [[nodiscard]] detailed_result<const hash_tile*> tile_at(unsigned level, std::uint64_t index);
    [[nodiscard]] detailed_result<tree_hash> node(unsigned tree_level, std::uint64_t position);

    tile_files files_;
    std::uint64_t size_ = 0;
    // What is not full yet, in all levels and of the entries, and what became full since it was last written.
    std::vector<hash_tile> edge_;
    entry_bundle edge_entries_;
    std::map<std::pair<unsigned, std::uint64_t>, hash_tile> full_tiles_;  // by level and index
    std::map<std::uint64_t, entry_bundle> full_bundles_;
    tile_cache cache_;
};

// "<path>: <why>", damaged_log.
[[nodiscard]] failure damaged_log_file(const tile_files& files, const std::string& path, const std::string& why);

}  // namespace xacthuc::inline v0_1
