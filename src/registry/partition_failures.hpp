// SPDX-License-Identifier: Apache-2.0
// What several threads found wrong with partitions: the first of them in the file's order, and how many more.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::inline v0_1 {

class partition_failures {
  public:
    // Concurrency: any thread; blocks on another add().
    void add(std::size_t partition, failure what) {
        const std::lock_guard lock{guard_};
        ++count_;
        if (first_ && partition >= partition_) return;
        partition_ = partition;
        first_ = std::move(what);
    }
    // The same, and nobody need go on: the machine failed, not the content.
    void add_and_stop(std::size_t partition, failure what) {
        add(partition, std::move(what));
        stop_.store(true, std::memory_order_relaxed);
    }
    // report(done); where it throws, nobody need go on either.
    template <class Report>
    void tell(const Report& report, std::size_t done) {
        try {
            report(done);
        } catch (...) {
            stop_.store(true, std::memory_order_relaxed);
            throw;
        }
    }
    [[nodiscard]] bool stopped() const noexcept { return stop_.load(std::memory_order_relaxed); }

    // Requires: every thread that adds has ended.
    [[nodiscard]] std::optional<failure> outcome() && {
        if (first_ && count_ > 1)
            first_->context += " (and " + std::to_string(count_ - 1) + " more of the like elsewhere)";
        return std::move(first_);
    }

  private:
    std::mutex guard_;
    std::optional<failure> first_;
    std::size_t partition_ = 0;
    std::size_t count_ = 0;
    std::atomic<bool> stop_{false};
};

}  // namespace xacthuc::inline v0_1
