// SPDX-License-Identifier: Apache-2.0
// Blocks made by hand, for tests of the snapshot format: any number of partitions, a few lines each, half the slots
// live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <vector>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/index/citizen_index.hpp>

#include "index/slot.hpp"

namespace xacthuc::tests {

struct sample_blocks {
    index_facts facts;
    std::vector<std::vector<std::byte>> blocks;

    [[nodiscard]] std::vector<std::span<const std::byte>> views() const { return {blocks.begin(), blocks.end()}; }
};

[[nodiscard]] inline record sample_record(std::mt19937_64& random) {
    record r;
    for (auto& word : r.words) word = random();
    r.words[0] = slot_word::live_identity(random() & layout::id.mask()) | layout::version.put(random());
    return with_integrity(r);
}

[[nodiscard]] inline std::vector<std::byte> sample_block(std::size_t partition, std::uint32_t lines, bool with_keys,
                                                         std::mt19937_64& random) {
    std::vector<std::byte> block(block_bytes(lines, with_keys));
    block_head head;
    head.partition = static_cast<std::uint32_t>(partition);
    head.line_count = lines;
    head.key_bytes = with_keys ? 32 : 0;
    for (std::size_t s = 0; s < lines * slots_per_line; ++s) {
        if (random() % 2 == 0) continue;
        const auto r = sample_record(random);
        std::memcpy(block.data() + sizeof head + s * sizeof r, &r, sizeof r);
        ++head.live_count;
    }
    std::memcpy(block.data(), &head, sizeof head);
    for (auto at = sizeof head + lines * sizeof(line); at < block.size(); ++at)
        block[at] = static_cast<std::byte>(random());
    return block;
}

[[nodiscard]] inline std::uint64_t live_in(std::span<const std::byte> block) {
    block_head head;
    std::memcpy(&head, block.data(), sizeof head);
    return head.live_count;
}

[[nodiscard]] inline sample_blocks make_sample_blocks(std::size_t partitions, std::uint32_t lines_max, bool with_keys,
                                                      std::uint64_t seed) {
    std::mt19937_64 random{seed};
    sample_blocks sample;
    sample.facts = {.placement_seed = random(),
                    .citizens = 0,
                    .digest_key_fingerprint = random(),
                    .as_of = {seed, 1'700'000'000'000},
                    .with_keys = with_keys,
                    .read_only = false};
    for (std::size_t p = 0; p < partitions; ++p) {
        sample.blocks.push_back(
            sample_block(p, 1 + static_cast<std::uint32_t>(random() % lines_max), with_keys, random));
        sample.facts.citizens += live_in(sample.blocks.back());
    }
    return sample;
}

}  // namespace xacthuc::tests
