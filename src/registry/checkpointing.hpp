// SPDX-License-Identifier: Apache-2.0
// Checkpoints: a new snapshot made of the last one and the log's changes, and then what nobody needs any more goes. It
// owns a lock, so that they come one after the other; changes and answers go on meanwhile.
#pragma once

#include <mutex>
#include <xacthuc/registry/registry.hpp>

#include "registry/durable_index.hpp"

namespace xacthuc::inline v0_1 {

class checkpointing {
  public:
    checkpointing(const registry_setting& setting, usable_snapshots& snapshots, durable_index& index) noexcept
        : setting_{setting}, snapshots_{snapshots}, index_{index} {}

    // See registry::checkpoint(). Requires: the registry is open for writing, with an authority.
    [[nodiscard]] detailed_result<checkpoint_facts> write(const checkpoint_options& how);

  private:
    [[nodiscard]] detailed_result<checkpoint_facts> write_merged(const opened_snapshot& from, const freshness& now,
                                                                 const checkpoint_options& options);
    // Drops snapshots that are damaged, all but the newest of the others, and the changes that nobody needs then.
    [[nodiscard]] detailed_result<void> drop_old(unsigned snapshots_kept);

    const registry_setting& setting_;
    usable_snapshots& snapshots_;
    durable_index& index_;
    std::mutex one_at_a_time_{};
};

}  // namespace xacthuc::inline v0_1
