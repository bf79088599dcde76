// SPDX-License-Identifier: Apache-2.0
// A partition's citizens, taken out of its block and laid out into a new one: for snapshots that are made of an older
// one and changes, and for repairs. The layout is the index builder's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/registry/change.hpp>

#include "index/slot.hpp"

namespace xacthuc::inline v0_1 {

struct kept_citizen {
    record facts;  // word 0: id and version
    public_key key{};

    [[nodiscard]] std::uint64_t id() const noexcept { return layout::id.get(facts.words[0]); }
};

// Appends the live records of a block. Requires: the block is whole.
void take_citizens(std::span<const std::byte> block, std::vector<kept_citizen>& into);

// Makes the changes, in order, among the citizens of one partition. Returns the place of the first that cannot be made
// (a removal of somebody, or a key for somebody, who is not there), or changes.size().
[[nodiscard]] std::size_t make_among(std::vector<kept_citizen>& citizens, std::span<const change> changes);

struct block_shape {
    std::uint32_t line_count = 0;
    bool with_keys = false;
    std::uint64_t placement_seed = 0;

    [[nodiscard]] std::size_t bytes() const noexcept { return block_bytes(line_count, with_keys); }
};

// Lays the citizens out, and sorts them on the way. The same citizens give the same bytes.
// Requires: all belong to the partition, none comes twice; they are fewer than slots; to.size() == shape.bytes().
void lay_out_block(std::size_t partition, const block_shape& shape, std::vector<kept_citizen>& citizens,
                   std::span<std::byte> to);

}  // namespace xacthuc::inline v0_1
