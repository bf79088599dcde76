// SPDX-License-Identifier: Apache-2.0
// Epochs: how a writer knows that no reader can still be looking at what it retired.
// A reader announces the epoch it entered in; memory retired in epoch e may be reused when no reader is left in e or
// before. Source: Fraser, Practical lock-freedom (2004), section 5.2.3.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace xacthuc {

class epoch {
  public:
    static constexpr std::size_t reader_count_max = 512;

    // Leaves when destroyed.
    class guard {
      public:
        guard(guard&& other) noexcept : place_{other.place_} { other.place_ = nullptr; }
        guard(const guard&) = delete;
        guard& operator=(const guard&) = delete;
        guard& operator=(guard&&) = delete;
        ~guard() {
            if (place_ != nullptr) place_->store(idle, std::memory_order_release);  // pairs with oldest_entered()
        }

      private:
        friend class epoch;
        explicit guard(std::atomic<std::uint64_t>* place) noexcept : place_{place} {}
        std::atomic<std::uint64_t>* place_;
    };

    // Announces a reader. Concurrency: wait-free while at most reader_count_max threads are inside at once; a thread
    // beyond that tries again until one leaves.
    [[nodiscard]] guard enter() noexcept;

    [[nodiscard]] std::uint64_t current() const noexcept { return now_.load(std::memory_order_acquire); }
    // Starts the next epoch and returns it.
    std::uint64_t advance() noexcept { return now_.fetch_add(1, std::memory_order_seq_cst) + 1; }
    // The least epoch that a reader is still in, or the current one.
    [[nodiscard]] std::uint64_t oldest_entered() const noexcept;

  private:
    static constexpr std::uint64_t idle = 0;

    struct alignas(64) place {
        std::atomic<std::uint64_t> entered{idle};
    };

    alignas(64) std::atomic<std::uint64_t> now_{1};
    std::array<place, reader_count_max> places_{};
};

}  // namespace xacthuc
