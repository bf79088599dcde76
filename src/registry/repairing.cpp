// SPDX-License-Identifier: Apache-2.0
#include "registry/repairing.hpp"

#include <algorithm>
#include <chrono>

namespace xacthuc::inline v0_1 {

// Whoever changes things now sees to what is pending; where nobody does, this does.
void repairing::drain_if_idle() {
    if (!setting_.writes() || index_.index().as_of().sequence == index_.durable_sequence()) return;
    const auto writing = index_.try_to_hold();
    stall_patience none{std::chrono::milliseconds{0}};
    if (writing.owns_lock() && index_.resume(writing)) static_cast<void>(index_.drain(writing, none));
}

detailed_result<registry_scrub_report> repairing::scrub(std::size_t first_partition, std::size_t partitions) {
    constexpr std::size_t damaged_listed_max = 100;
    registry_scrub_report report;
    drain_if_idle();
    const auto end = std::min(first_partition + partitions, partition_count);
    for (auto p = first_partition; p < end; ++p) {
        const auto found = index_.index().scrub(p, 1);
        ++report.partitions;
        report.live += found.live;
        if (found.damaged == 0) continue;
        report.damaged_slots += found.damaged;
        if (report.damaged_partitions.size() < damaged_listed_max) report.damaged_partitions.push_back(p);
        const auto repair = [&](const opened_snapshot& from) { return index_.repair(from, p); };
        if (auto done = snapshots_.with_newest(repair); !done) return done.error();
        ++report.partitions_repaired;
    }
    return report;
}

}  // namespace xacthuc::inline v0_1
