// SPDX-License-Identifier: Apache-2.0
// Neighbouring partitions that one call to the system reads or writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace xacthuc::inline v0_1 {

struct partition_range {
    std::size_t first;
    std::size_t last;  // one past
};

// Ranges of at least one partition and of about `bytes_max` together at most. `size_of`(p) is a partition's size,
// `follows`(p) says that it lies right behind the one before, where the bytes go as well as where they come from.
template <class SizeOf, class Follows>
[[nodiscard]] std::vector<partition_range> partition_ranges(std::size_t partitions, std::uint64_t bytes_max,
                                                            const SizeOf& size_of, const Follows& follows) {
    std::vector<partition_range> ranges;
    for (std::size_t first = 0; first < partitions;) {
        auto last = first + 1;
        for (auto bytes = size_of(first); last < partitions && follows(last) && bytes + size_of(last) <= bytes_max;
             ++last)
            bytes += size_of(last);
        ranges.push_back({first, last});
        first = last;
    }
    return ranges;
}

template <class SizeOf>
[[nodiscard]] std::vector<partition_range> partition_ranges(std::size_t partitions, std::uint64_t bytes_max,
                                                            const SizeOf& size_of) {
    return partition_ranges(partitions, bytes_max, size_of, [](std::size_t) { return true; });
}

}  // namespace xacthuc::inline v0_1
