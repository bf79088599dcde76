// SPDX-License-Identifier: Apache-2.0
// Where a log's tiles stand in its folder.
// Source: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t tile_width_max = 256;
inline constexpr unsigned tile_height = 8;      // of a full tile's tree
inline constexpr unsigned tile_levels_max = 8;  // of a tree of less than 2^64 entries

// How much of the tiles of a level a tree of `size` entries has: full ones, and how wide the one after them is.
struct tile_extent {
    std::uint64_t full = 0;
    std::size_t width = 0;

    // Of hashes; the entries' bundles are as level 0.
    [[nodiscard]] static constexpr tile_extent of(std::uint64_t size, unsigned level) noexcept {
        const auto hashes = size >> (tile_height * level);
        return {hashes / tile_width_max, hashes % tile_width_max};
    }
};

// "tile/<level>/<index>", and for a width below 256 ".p/<width>" after it.
// Requires: 1 <= width <= 256.
[[nodiscard]] std::string tile_path(unsigned level, std::uint64_t index, std::size_t width = tile_width_max);
[[nodiscard]] std::string bundle_path(std::uint64_t index, std::size_t width = tile_width_max);
// The folder of a tile's narrower forerunners: "<path of the full one>.p".
[[nodiscard]] std::string partial_folder(const std::string& full_path);

}  // namespace xacthuc::inline v0_1
