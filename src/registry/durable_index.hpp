// SPDX-License-Identifier: Apache-2.0
// The log of changes and the index in memory that follows it: what is in the log, synced, is made in the index, and
// nothing else is. It owns the lock that whoever changes one of the two holds.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>
#include <xacthuc/registry/registry.hpp>

#include "registry/change_log.hpp"
#include "registry/registry_setting.hpp"
#include "registry/usable_snapshots.hpp"

namespace xacthuc::inline v0_1 {

// How long one call waits, all in all, for readers that hold back reclamation.
class stall_patience {
  public:
    explicit stall_patience(std::chrono::milliseconds limit) noexcept : limit_{limit} {}
    // Waits a moment. False when the patience is at an end.
    [[nodiscard]] bool wait() noexcept;

  private:
    std::chrono::milliseconds limit_;
    std::optional<std::chrono::steady_clock::time_point> end_{};
};

class durable_index {
  public:
    // Calls that take one are for whoever holds the lock, by hold() or try_to_hold().
    using held = std::unique_lock<std::mutex>;

    durable_index(const registry_setting& setting, usable_snapshots& snapshots) noexcept
        : setting_{setting}, snapshots_{snapshots} {}

    // Opens the log, loads the newest snapshot that verifies, and brings the index up to the log's end. After an error
    // it may be called again. Requires: nobody else is there yet.
    [[nodiscard]] detailed_result<void> open(registry_opening& opening);

    // Requires: open() has succeeded.
    [[nodiscard]] const citizen_index& index() const noexcept { return *index_; }
    // The number that the log is known to end with. Concurrency: wait-free.
    [[nodiscard]] std::uint64_t durable_sequence() const noexcept { return durable_.load(std::memory_order_relaxed); }

    [[nodiscard]] held hold() { return held{writing_}; }
    [[nodiscard]] held try_to_hold() { return held{writing_, std::try_to_lock}; }

    // What the log is known to end with, and how far the index has come.
    [[nodiscard]] const freshness& last(const held&) const noexcept { return last_; }
    [[nodiscard]] std::uint64_t in_memory(const held&) const noexcept { return in_memory_; }

    // Opens the log anew where it has to be, and finds out what it ends with. Errors: registry_stopped.
    [[nodiscard]] detailed_result<void> resume(const held&) noexcept;
    // Makes what is durable and not in memory yet in the index. Errors: what keeps it from there.
    [[nodiscard]] detailed_result<void> drain(const held&, stall_patience& patience) noexcept;
    // Success: the batches and the source's position, where there is one, are durable, and the log ends with `end`.
    // Errors: changes_in_doubt; any other, and nothing of them is in the log.
    [[nodiscard]] detailed_result<void> append(const held&, std::span<const change_batch> batches, const freshness& end,
                                               std::span<const std::byte> source_position) noexcept;
    // Makes durable changes in the index, the first of which has this number; where a partition turns out to be
    // damaged, it is rebuilt on the way. in_memory() says how far it got.
    [[nodiscard]] detailed_result<void> make_durable(const held&, std::span<const change> changes,
                                                     std::uint64_t first_sequence, stall_patience& patience);
    // All up to this one are made.
    void reached(const held&, const freshness& now) noexcept { index_->set_as_of(now); }
    // Makes the log's changes that are not in memory yet in the index. Returns how many. After an error those before
    // the failure are made, and the next call goes on there.
    [[nodiscard]] detailed_result<std::uint64_t> replay(const held&, const change_log& from, stall_patience& patience);
    // Removes changes from the log that are in memory, up to this one, a bounded number of them. Returns whether there
    // are more.
    [[nodiscard]] detailed_result<bool> trim_some(const held&, std::uint64_t up_to);

    // Makes what is pending; of a log that another process writes, what it has added since.
    [[nodiscard]] detailed_result<freshness> refresh();
    // See registry::source_position().
    [[nodiscard]] detailed_result<std::vector<std::byte>> source_position();
    // Rebuilds a partition from a snapshot and the log as it is. Changes wait for the last part of it.
    [[nodiscard]] detailed_result<void> repair(const opened_snapshot& from, std::size_t partition);
    // Errors: registry_stopped when the log had failed and was not opened anew since.
    [[nodiscard]] detailed_result<void> close(const held&);

  private:
    [[nodiscard]] detailed_result<void> load_and_replay(registry_opening& opening);
    // After an append that failed: whether the log has all of it. Errors: changes_in_doubt.
    [[nodiscard]] detailed_result<bool> find_out(const held& mine, const failure& why, const freshness& end,
                                                 std::span<const std::byte> source_position) noexcept;
    // Rebuilds a partition as it was at this number.
    [[nodiscard]] detailed_result<void> repair_up_to(const opened_snapshot& from, std::size_t partition,
                                                     std::uint64_t sequence);
    void ends_with(const freshness& end) noexcept {
        last_ = end;
        durable_.store(end.sequence, std::memory_order_relaxed);
    }

    const registry_setting& setting_;
    usable_snapshots& snapshots_;

    std::mutex writing_{};
    std::optional<citizen_index> index_{};
    std::optional<change_log> log_{};
    std::optional<failure> stopped_{};  // why the log has to be opened anew; it may be gone meanwhile
    bool is_closed_ = false;
    freshness last_{};                       // what the log is known to end with
    std::atomic<std::uint64_t> durable_{0};  // its number, for those who do not wait for `writing_`
    freshness in_doubt_{};                   // what it may end with instead, after an append that failed so
    std::uint64_t in_memory_ = 0;            // the last change that was made in the index, and all before it
    std::vector<std::byte> source_{};        // how far the source was, when a reader looked last
};

// What cannot be told for want of memory is left out.
[[nodiscard]] failure told_as(errc code, const failure& why, std::string_view what) noexcept;

}  // namespace xacthuc::inline v0_1
