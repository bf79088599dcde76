// SPDX-License-Identifier: Apache-2.0
// Snapshots of a registry that is being written for a long time, so that its log does not grow for ever.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <xacthuc/registry/registry.hpp>

namespace xacthuc::cli {

// Makes one, in a thread of its own, whenever so many changes came since the last. One that fails is said, and tried
// again after ten minutes: the log has all that it would have had.
class checkpoints_meanwhile {
  public:
    // Requires: the registry outlives this, has its authority's key, and nobody else makes checkpoints. 0: never.
    checkpoints_meanwhile(registry& of, std::uint64_t after_changes);
    checkpoints_meanwhile(const checkpoints_meanwhile&) = delete;
    checkpoints_meanwhile& operator=(const checkpoints_meanwhile&) = delete;
    // Gives up the one that is under way.
    ~checkpoints_meanwhile();

    // The last one, where it is due, and the end; a signal gives it up.
    void finish();
    // Changes that only the log has.
    [[nodiscard]] std::uint64_t changes_since() const noexcept;

  private:
    void run();
    void make_where_due();
    void end();

    registry& of_;
    std::uint64_t after_;
    std::atomic<std::uint64_t> last_sequence_;
    std::atomic<bool> gives_up_ = false;
    std::chrono::steady_clock::time_point not_before_{};
    std::mutex guard_;
    std::condition_variable wakes_;
    bool ends_ = false;
    std::thread thread_;
};

}  // namespace xacthuc::cli
