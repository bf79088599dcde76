// SPDX-License-Identifier: Apache-2.0
// How many lines each partition's block gets. Nearly all get the same number, so that a block's place in memory is a
// matter of arithmetic; a partition that holds far more citizens than chance would put there gets a larger block of its
// own, so that it costs what its citizens cost and not that times the number of partitions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "index/slot.hpp"

namespace xacthuc::inline v0_1 {

// Filled slots of all. However few citizens there are, no partition is filled beyond `load_max`.
inline constexpr double block_load_wanted = 0.62;
inline constexpr double block_load_max = 0.85;

// Lines for so many records at this share of filled slots; one slot at least stays empty.
[[nodiscard]] constexpr std::uint64_t lines_for(std::uint64_t records, double load) noexcept {
    return static_cast<std::uint64_t>(static_cast<double>(records) / (slots_per_line * load)) + 1;
}

struct block_plan {
    std::uint64_t regular_lines = 1;
    std::vector<std::uint32_t> lines;  // a partition's

    friend bool operator==(const block_plan&, const block_plan&) = default;
};

// `records`: how many citizens each partition holds. Errors: index_full, a partition over table_word::line_count_max.
[[nodiscard]] detailed_result<block_plan> plan_blocks(std::span<const std::uint64_t> records,
                                                      double load = block_load_wanted);
// The same for blocks that are there: they keep their size unless citizens have no room in it or it is over a quarter
// larger than it would be made today.
[[nodiscard]] detailed_result<block_plan> adapt_blocks(std::span<const std::uint32_t> lines_now,
                                                       std::span<const std::uint64_t> records);

// The value that more than half of them have; where there is none, any. Complexity: linear, no allocation.
// `At` is at(i), for i below `count`, which is not 0.
template <class At>
[[nodiscard]] auto majority(std::size_t count, const At& at) {
    auto leading = at(0);
    std::size_t lead = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto one = at(i);
        if (lead == 0) leading = one;
        if (one == leading)
            ++lead;
        else
            --lead;
    }
    return leading;
}

}  // namespace xacthuc::inline v0_1
