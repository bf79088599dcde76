// SPDX-License-Identifier: Apache-2.0
// Scrubbing: partitions of the index are looked at, and a damaged one is rebuilt from snapshot and log.
#pragma once

#include <cstddef>
#include <xacthuc/registry/registry.hpp>

#include "registry/durable_index.hpp"

namespace xacthuc::inline v0_1 {

// Concurrency: any thread. It keeps nothing of its own: what it looks at and mends has its lock in durable_index.
class repairing {
  public:
    repairing(const registry_setting& setting, const usable_snapshots& snapshots, durable_index& index) noexcept
        : setting_{setting}, snapshots_{snapshots}, index_{index} {}

    // See registry::scrub().
    [[nodiscard]] detailed_result<registry_scrub_report> scrub(std::size_t first_partition, std::size_t partitions);

  private:
    // Makes what is pending, if nobody else is about to.
    void drain_if_idle();

    const registry_setting& setting_;
    const usable_snapshots& snapshots_;
    durable_index& index_;
};

}  // namespace xacthuc::inline v0_1
