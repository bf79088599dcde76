// SPDX-License-Identifier: Apache-2.0
// The machine's ceiling: how many random cache lines of a region a program can read that does nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace xacthuc::bench {

// Reads `count` lines at random places of `region`, prefetched in the way that is fastest here, on each of `threads`
// threads, and returns lines a second, all threads together.
[[nodiscard]] double random_line_reads_per_second(std::span<const std::byte> region, std::uint64_t count,
                                                  unsigned threads, std::uint64_t seed);

}  // namespace xacthuc::bench
