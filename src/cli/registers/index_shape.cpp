// SPDX-License-Identifier: Apache-2.0
#include "cli/registers/index_shape.hpp"

#include <algorithm>
#include <cstring>

#include "index/slot.hpp"

namespace xacthuc::cli {
namespace {

[[nodiscard]] std::uint64_t line_count(std::size_t block_size_bytes, bool with_keys) {
    if (block_size_bytes < sizeof(block_head)) return 0;
    return (block_size_bytes - sizeof(block_head)) / (block_bytes(1, with_keys) - block_bytes(0, with_keys));
}

}  // namespace

void index_shape::add(const index_shape& part) noexcept {
    slots += part.slots;
    live += part.live;
    fullest_partition_live = std::max(fullest_partition_live, part.fullest_partition_live);
    for (std::size_t i = 0; i < by_line.size(); ++i) by_line[i] += part.by_line[i];
}

std::uint64_t slot_count(const citizen_index& index) {
    const bool with_keys = index.facts().with_keys;
    std::uint64_t lines = 0;
    for (std::size_t partition = 0; partition < partition_count; ++partition)
        lines += line_count(index.block(partition).size(), with_keys);
    return lines * slots_per_line;
}

index_shape shape_of(const citizen_index& index, std::size_t first_partition, std::size_t partitions) {
    index_shape shape;
    const auto facts = index.facts();
    for (auto partition = first_partition; partition < first_partition + partitions; ++partition) {
        const auto block = index.block(partition);
        const auto lines = line_count(block.size(), facts.with_keys);
        const auto slots = lines * slots_per_line;
        std::uint64_t live = 0;
        for (std::uint64_t slot = 0; slot < slots; ++slot) {
            std::uint64_t word = 0;
            std::memcpy(&word, block.data() + sizeof(block_head) + slot * sizeof(record), sizeof word);
            if (slot_word::state_of(word) != slot_state::live) continue;
            ++live;
            const auto hash = placement_hash(layout::id.get(word), facts.placement_seed);
            const auto home = (hash & 0xffff'ffff) * lines >> 32;
            const auto distance = (slot / slots_per_line + lines - home) % lines;
            ++shape.by_line[std::min<std::uint64_t>(distance, index_shape::lines_counted_max - 1)];
        }
        shape.slots += slots;
        shape.live += live;
        shape.fullest_partition_live = std::max(shape.fullest_partition_live, live);
    }
    return shape;
}

}  // namespace xacthuc::cli
