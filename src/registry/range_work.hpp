// SPDX-License-Identifier: Apache-2.0
// Ranges of partitions that several threads take one after the other, and what came of it: how many are done, what is
// wrong, how many citizens were met.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>
#include <xacthuc/registry/snapshot.hpp>

#include "registry/partition_failures.hpp"
#include "registry/partition_ranges.hpp"

namespace xacthuc::inline v0_1 {

class range_work {
  public:
    // A thread takes so many neighbouring ranges at once.
    range_work(std::vector<partition_range> ranges, std::size_t at_once, const snapshot_progress& report)
        : ranges_{std::move(ranges)}, at_once_{at_once}, report_{report} {}

    // Calls each(range) for one after the other until none is left, or nobody need go on. Worker 0 tells how far it is.
    template <class Each>
    void take(unsigned worker, const Each& each) {
        while (!failures_.stopped()) {
            const auto first = next_.fetch_add(at_once_, std::memory_order_relaxed);
            if (first >= ranges_.size()) break;
            const auto last = std::min(first + at_once_, ranges_.size());
            for (auto mine = first; mine < last && !failures_.stopped(); ++mine) {
                each(ranges_[mine]);
                const auto count = ranges_[mine].last - ranges_[mine].first;
                const auto done = done_.fetch_add(count, std::memory_order_relaxed) + count;
                if (worker == 0 && report_) failures_.tell(report_, done);
            }
        }
    }

    [[nodiscard]] partition_failures& failures() noexcept { return failures_; }
    void add_live(std::uint64_t citizens) noexcept { live_.fetch_add(citizens, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t live() const noexcept { return live_.load(std::memory_order_relaxed); }

  private:
    std::vector<partition_range> ranges_;
    std::size_t at_once_;
    const snapshot_progress& report_;
    std::atomic<std::size_t> next_{0};
    std::atomic<std::size_t> done_{0};
    std::atomic<std::uint64_t> live_{0};
    partition_failures failures_;
};

}  // namespace xacthuc::inline v0_1
