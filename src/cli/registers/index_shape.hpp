// SPDX-License-Identifier: Apache-2.0
// How an index is filled: slots by their states, and how far records lie from where a probe for them starts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::cli {

struct index_shape {
    static constexpr std::size_t lines_counted_max = 16;

    std::uint64_t slots = 0;
    std::uint64_t live = 0;
    std::uint64_t fullest_partition_live = 0;
    // Records found in the line where the probe starts, in the next one, …; the last counts all beyond.
    std::array<std::uint64_t, lines_counted_max> by_line{};

    void add(const index_shape& part) noexcept;
    [[nodiscard]] double load() const noexcept {
        return slots == 0 ? 0 : static_cast<double>(live) / static_cast<double>(slots);
    }
};

// Slots only, from the sizes of the blocks: reads none of them.
[[nodiscard]] std::uint64_t slot_count(const citizen_index& index);

// Reads every block of the partitions. Requires: the blocks were checked for damage.
[[nodiscard]] index_shape shape_of(const citizen_index& index, std::size_t first_partition, std::size_t partitions);

}  // namespace xacthuc::cli
