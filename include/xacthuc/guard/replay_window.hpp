// SPDX-License-Identifier: Apache-2.0
// Which of an agency's batches have been taken: by the counter in their nonces, in any order within a window.
//
//   ring of 512 words: lap 48 (bits 16..63) · one bit for each of 16 counters (0..15)
//
// Counter c has bit c mod 16 of word (c / 16) mod 512, in lap c / 8192. A word of an earlier lap is empty for this one,
// so the window moves on by itself, and one swap of one word decides about a counter: of any number of threads that
// bring it one is told yes. A word of a later lap says that the counter is too old. `highest` only makes "too old" the
// same for all words; that it lags behind admits nothing twice.
// Source: RFC 6479; its ring is cleared by whoever moves the window on, which threads could not do side by side.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/guard/word_table.hpp>

namespace xacthuc::inline v0_1 {

// What tests/concurrency weakens, one at a time.
struct replay_steps {
    static constexpr bool takes_by_swap = true;
    static constexpr bool refuses_later_laps = true;
    static constexpr bool empties_earlier_laps = true;
    static constexpr bool looks_again = true;  // after another's swap of the same word
};

// The protocol, on words of somebody else's, for a ring of any number of words. `Word` is std::atomic<std::uint64_t>,
// or the explorer's model of it.
template <class Word, class Steps = replay_steps>
class basic_replay_window {
  public:
    static constexpr unsigned bits_a_word = 16;

    // Requires: ring.size() is a power of two, at least 2.
    basic_replay_window(std::span<Word> ring, Word& highest) noexcept : ring_{ring}, highest_{highest} {}

    // How far a counter may be behind the highest one and still be taken.
    [[nodiscard]] std::uint64_t width() const noexcept { return (ring_.size() - 1) * bits_a_word; }
    // The first counter that is too large.
    [[nodiscard]] std::uint64_t end() const noexcept { return (ring_.size() * bits_a_word) << 48; }

    // Whether the counter is new: true once for each.
    // Concurrency: lock-free.
    [[nodiscard]] bool take(std::uint64_t counter) noexcept {
        if (counter >= end()) return false;
        auto highest = highest_.load(std::memory_order_relaxed);
        if (counter + width() <= highest) return false;
        auto& word = ring_[counter / bits_a_word % ring_.size()];
        const auto lap = counter / (bits_a_word * ring_.size());
        const auto bit = std::uint64_t{1} << counter % bits_a_word;
        auto seen = word.load(std::memory_order_relaxed);
        for (;;) {
            const auto lap_seen = seen >> bits_a_word;
            if (lap_seen > lap && Steps::refuses_later_laps) return false;
            const auto now = lap_seen == lap || !Steps::empties_earlier_laps ? seen : lap << bits_a_word;
            if ((now & bit) != 0) return false;
            if (!Steps::takes_by_swap) {
                word.store(now | bit, std::memory_order_relaxed);
                break;
            }
            if (word.compare_exchange_strong(seen, now | bit, std::memory_order_relaxed)) break;
            if (!Steps::looks_again) break;
        }
        while (highest < counter && !highest_.compare_exchange_strong(highest, counter, std::memory_order_relaxed)) {
        }
        return true;
    }
    [[nodiscard]] std::uint64_t highest() const noexcept { return highest_.load(std::memory_order_relaxed); }

  private:
    std::span<Word> ring_;
    Word& highest_;
};

// One agency's window, with memory of its own, that does not begin anew with the process. Before a counter is taken one
// that is above it has been made durable (reserve), in steps, so that it is seldom waited for. After a crash the window
// starts there (start_at): what was taken before lies below.
class replay_window {
  public:
    static constexpr std::size_t ring_words = 512;
    static constexpr std::size_t memory_words = ring_words + 8;

    // Exceptions: std::bad_alloc.
    replay_window() : own_{memory_words}, words_{own_.words()} {}
    // On memory of somebody else's.
    // Requires: memory_words zeros.
    explicit replay_window(std::span<word_table::word> words) noexcept : words_{words} {}

    enum class answer : std::uint8_t { taken, repeated, not_reserved };
    // Concurrency: lock-free.
    [[nodiscard]] answer take(std::uint64_t counter) noexcept {
        if (counter < start()) return answer::repeated;
        if (counter >= window().end()) return answer::repeated;
        // Acquire pairs with reserve(): what was made durable before.
        if (counter >= words_[reserved_at].load(std::memory_order_acquire)) return answer::not_reserved;
        return window().take(counter) ? answer::taken : answer::repeated;
    }
    // From now on counters below `end` may be taken. Never lowers it.
    void reserve(std::uint64_t end) noexcept {
        auto seen = words_[reserved_at].load(std::memory_order_relaxed);
        while (seen < end && !words_[reserved_at].compare_exchange_strong(seen, end, std::memory_order_release)) {
        }
    }
    // Counters below it count as taken.
    // Concurrency: nothing else at the same time.
    void start_at(std::uint64_t counter) noexcept {
        words_[start_word].store(counter, std::memory_order_relaxed);
        reserve(counter);
    }
    [[nodiscard]] std::uint64_t start() const noexcept { return words_[start_word].load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t reserved() const noexcept {
        return words_[reserved_at].load(std::memory_order_relaxed);
    }
    // The highest counter that was taken; 0 as long as none was.
    [[nodiscard]] std::uint64_t highest() const noexcept { return words_[highest_at].load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t width() const noexcept { return window().width(); }
    [[nodiscard]] std::uint64_t end() const noexcept { return window().end(); }

  private:
    static constexpr std::size_t highest_at = ring_words;
    static constexpr std::size_t start_word = ring_words + 1;
    static constexpr std::size_t reserved_at = ring_words + 2;

    [[nodiscard]] basic_replay_window<word_table::word> window() const noexcept {
        return {words_.first(ring_words), words_[highest_at]};
    }

    word_table own_;
    std::span<word_table::word> words_;
};

}  // namespace xacthuc::inline v0_1
