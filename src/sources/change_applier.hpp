// SPDX-License-Identifier: Apache-2.0
// Makes the changes of a source in a register, in a thread of its own, while the next ones are read: so that whoever
// reads can answer its server in time, however long a disk takes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>
#include <xacthuc/registry/registry.hpp>

namespace xacthuc::inline v0_1::sources {

// Changes in their order. With a position they end with a whole transaction, and the position is after it; without
// one, only a part of a long transaction is here, and the register's position stays before it.
struct change_part {
    std::vector<change> changes;
    std::vector<std::byte> position;
    std::uint64_t number = 0;         // the position as a number, for durable()
    std::int64_t commit_unix_us = 0;  // of the last transaction
};

// Concurrency: one thread gives parts.
class change_applier {
  public:
    // Told of changes that the register refuses, by the thread that applies; they are left out then. Without it that
    // is an error. A removal of somebody who is not there is left out in silence: after a crash a transaction is made
    // from its beginning again.
    using leave_out = std::function<void(const refused_change& why)>;

    // `number` is the position that the register has. Requires: the register outlives this.
    change_applier(registry& into, std::uint64_t number, leave_out leaves_out = {});
    change_applier(const change_applier&) = delete;
    change_applier& operator=(const change_applier&) = delete;
    // After the part in hand.
    ~change_applier();

    // Whether give() would not wait. Throws what the thread failed with: source_error, refused, or std::bad_alloc.
    [[nodiscard]] bool is_idle();
    // Requires: is_idle().
    void give(change_part&& next);

    // Readable when a part is done; emptied by is_idle().
    [[nodiscard]] int done_file() const noexcept { return done_file_; }
    // The position up to which the register is durable.
    [[nodiscard]] std::uint64_t durable() const noexcept { return durable_.load(std::memory_order_acquire); }
    [[nodiscard]] std::int64_t durable_commit_unix_us() const noexcept {
        return commit_unix_us_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t changes_made() const noexcept { return changes_.load(std::memory_order_relaxed); }

  private:
    void work();
    void apply(change_part& part);
    void leave_out_refused(change_part& part, const std::vector<refused_change>& refused);

    registry& into_;
    leave_out leaves_out_;
    int done_file_ = -1;
    // What is durable when this is read with acquire was written by apply() before the release.
    std::atomic<std::uint64_t> durable_;
    std::atomic<std::int64_t> commit_unix_us_{0};
    std::atomic<std::uint64_t> changes_{0};
    std::mutex guard_;
    std::condition_variable given_;
    change_part part_;
    bool has_part_ = false;
    bool is_ended_ = false;
    std::exception_ptr failure_;
    std::thread thread_;
};

}  // namespace xacthuc::inline v0_1::sources
