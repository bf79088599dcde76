// SPDX-License-Identifier: Apache-2.0
// Epochs: how a writer knows that no reader can still be looking at what it retired.
// A reader announces the epoch it entered in; memory retired in epoch e may be reused when no reader is left in e or
// before. Source: Fraser, Practical lock-freedom (2004), section 5.2.3.
//
// The announcement is sequentially consistent, and so are the loads that find what may be retired (of the directory)
// and the swap that takes it out: either the reader finds the table gone, or oldest_entered() finds the reader.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace xacthuc::inline v0_1 {

// What tests/concurrency weakens, one at a time, to see that its exploration notices.
struct epoch_steps {
    static constexpr bool reads_now_first = true;  // and only then looks who is inside
    static constexpr auto entering = std::memory_order_relaxed;
    static constexpr auto announcing = std::memory_order_seq_cst;
    static constexpr auto looking = std::memory_order_seq_cst;
};

// `Word` is std::atomic<std::uint64_t>, or the explorer's model of it.
template <class Word, std::size_t ReaderCountMax, class Steps = epoch_steps>
class basic_epoch {
  public:
    static constexpr std::size_t reader_count_max = ReaderCountMax;

    // Leaves when destroyed.
    class guard {
      public:
        guard(guard&& other) noexcept : place_{other.release()} {}
        guard(const guard&) = delete;
        guard& operator=(const guard&) = delete;
        guard& operator=(guard&&) = delete;
        ~guard() {
            if (place_ != nullptr) leave(place_);
        }

        // Hands over the place: whoever has it calls leave().
        [[nodiscard]] Word* release() noexcept { return std::exchange(place_, nullptr); }

      private:
        friend class basic_epoch;
        explicit guard(Word* place) noexcept : place_{place} {}
        Word* place_;
    };

    // The reader of this place, which a guard released, has left. Release pairs with oldest_entered().
    static void leave(Word* place) noexcept { place->store(idle, std::memory_order_release); }

    // Announces a reader, at the first place from `first` on that is not taken.
    [[nodiscard]] guard enter_at(std::size_t first) noexcept {
        for (std::size_t i = first;; ++i) {
            const auto number = i % reader_count_max;
            auto& entered = places_[number].entered;
            auto expected = idle;
            // Sequentially consistent, before the announcement: who does not see it is ordered before the reader. The
            // epoch is read relaxed: an older one holds back more, never less.
            for (auto used = used_count_.load(std::memory_order_relaxed); used <= number;)
                if (used_count_.compare_exchange_strong(used, number + 1, Steps::announcing)) break;
            if (entered.load(std::memory_order_relaxed) == idle &&
                entered.compare_exchange_strong(expected, now_.load(Steps::entering), Steps::announcing))
                return guard{&entered};
        }
    }

    // Acquire pairs with the increment in advance().
    [[nodiscard]] std::uint64_t current() const noexcept { return now_.load(std::memory_order_acquire); }
    // Starts the next epoch and returns it.
    std::uint64_t advance() noexcept { return now_.fetch_add(1, std::memory_order_seq_cst) + 1; }
    // The least epoch that a reader is still in, or the current one. The latter is read first, with an acquire that
    // pairs with advance(): whoever had found a table that was retired in an epoch before it is seen by the look.
    [[nodiscard]] std::uint64_t oldest_entered() const noexcept {
        auto oldest = Steps::reads_now_first ? now_.load(Steps::looking) : ~std::uint64_t{0};
        const auto used = used_count_.load(Steps::looking);
        for (std::size_t i = 0; i < used; ++i)
            // Also an acquire, which pairs with the release of a guard: what the reader read, it has read.
            if (const auto entered = places_[i].entered.load(Steps::looking); entered != idle)
                oldest = std::min(oldest, entered);
        return Steps::reads_now_first ? oldest : std::min(oldest, now_.load(Steps::looking));
    }

  private:
    static constexpr std::uint64_t idle = 0;

    struct alignas(64) place {
        Word entered{idle};
    };

    alignas(64) Word now_{1};
    Word used_count_{0};  // places that were ever used: none beyond them needs looking at
    std::array<place, reader_count_max> places_{};
};

// For threads of the system.
class epoch : public basic_epoch<std::atomic<std::uint64_t>, 512> {
  public:
    // Announces a reader.
    // Concurrency: wait-free while at most reader_count_max threads are inside at once; a thread beyond that tries
    // again until one leaves.
    [[nodiscard]] guard enter() noexcept {
        // Each thread comes back to the place it had, so that two threads share one only when there are more of them
        // than places.
        static std::atomic<std::size_t> threads_seen{0};
        thread_local const std::size_t first = threads_seen.fetch_add(1, std::memory_order_relaxed);
        return enter_at(first);
    }
};

}  // namespace xacthuc::inline v0_1
