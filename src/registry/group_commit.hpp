// SPDX-License-Identifier: Apache-2.0
// Calls of apply() queue up, and one of them commits for all that wait: what they bring is checked, written and synced
// in one transaction, and then made in memory. It owns the lock of the queue.
#pragma once

#include <condition_variable>
#include <mutex>
#include <span>
#include <vector>
#include <xacthuc/registry/registry.hpp>

#include "registry/durable_index.hpp"

namespace xacthuc::inline v0_1 {

struct waiting_changes;

class group_commit {
  public:
    group_commit(const registry_setting& setting, durable_index& commits_to) noexcept
        : setting_{setting}, to_{commits_to} {}

    // See registry::apply(). Requires: there are changes or a position, and not too many.
    [[nodiscard]] detailed_result<freshness> apply(std::span<const change> changes,
                                                   std::span<const std::byte> source_position,
                                                   std::vector<refused_change>* refused);

  private:
    // Requires: `queueing_` is held by `queue`.
    void lead(std::unique_lock<std::mutex>& queue) noexcept;
    // Answers every one of the group; where it throws, it has not for some.
    void commit(const durable_index::held& writing, waiting_changes* group);

    const registry_setting& setting_;
    durable_index& to_;

    std::mutex queueing_{};
    std::condition_variable committed_{};
    waiting_changes* first_ = nullptr;
    waiting_changes* last_ = nullptr;
    bool has_leader_ = false;
};

}  // namespace xacthuc::inline v0_1
