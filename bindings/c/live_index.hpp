// SPDX-License-Identifier: Apache-2.0
// The index that a handle's calls are answered from, which another may take the place of while they run.
//
// A reader announces herself, finds the index, and leaves when done; who replaces it takes the old one out, starts an
// epoch, and waits until nobody is left who was inside before: nobody can have the old one then (epoch.hpp). Readers
// wait for nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <xacthuc/index/citizen_index.hpp>

#include "index/epoch.hpp"

namespace xacthuc::c {

class live_index {
  public:
    // An index that stays: readers need not announce themselves.
    explicit live_index(const citizen_index& borrowed) noexcept : found_{&borrowed} {}
    // One that may be replaced.
    explicit live_index(citizen_index&& owned)
        : owned_{std::make_unique<citizen_index>(std::move(owned))},
          found_{owned_.get()},
          readers_{std::make_unique<epoch>()} {}

    // The index, for as long as this lives.
    class held {
      public:
        explicit held(const live_index& from) noexcept {
            // The announcement is before the load, and both are sequentially consistent: see replace().
            if (from.readers_) inside_.emplace(from.readers_->enter());
            index_ = from.found_.load(std::memory_order_seq_cst);
        }
        [[nodiscard]] const citizen_index& operator*() const noexcept { return *index_; }
        [[nodiscard]] const citizen_index* operator->() const noexcept { return index_; }

      private:
        std::optional<epoch::guard> inside_;
        const citizen_index* index_;
    };
    // Concurrency: wait-free while no more threads are inside than an epoch has places.
    [[nodiscard]] held hold() const noexcept { return held{*this}; }

    // To change it in memory; none where it is borrowed.
    [[nodiscard]] citizen_index* owned() noexcept { return owned_.get(); }

    // Puts another in its place and frees the old one when its last reader has left, for which it waits. Requires: it
    // is owned. Concurrency: one thread at a time; readers go on.
    void replace(citizen_index&& with) {
        auto next = std::make_unique<citizen_index>(std::move(with));
        found_.store(next.get(), std::memory_order_seq_cst);
        std::swap(owned_, next);
        const auto now = readers_->advance();
        while (readers_->oldest_entered() < now) std::this_thread::sleep_for(std::chrono::microseconds{100});
    }

  private:
    std::unique_ptr<citizen_index> owned_;
    std::atomic<const citizen_index*> found_;
    std::unique_ptr<epoch> readers_;
};

}  // namespace xacthuc::c
