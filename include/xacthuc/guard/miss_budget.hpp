// SPDX-License-Identifier: Apache-2.0
// How many questions about a citizen failed today, whoever asked: who guesses at her data by asking is stopped, however
// many agencies and officers he asks through.
//
//   cells    words of 14 counters of 4 bits, saturating at 15, and their day (day_word.hpp)
//   filter   words of 56 bits and their day: a bit for every place whose failures took a counter to `filter_from`
//
// Two citizens may share a counter, and are then counted together: a count is never too small. With 2^27 counters and a
// million failures a day, one citizen in 134 shares hers with a failure of another's. The filter fits a near cache;
// where its bit is not set, fewer than `filter_from` of her own failed, and the counter's line is not read.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <xacthuc/guard/day_word.hpp>
#include <xacthuc/guard/word_table.hpp>

namespace xacthuc::inline v0_1 {

// What tests/concurrency weakens, one at a time.
struct miss_budget_steps {
    static constexpr bool adds_by_swap = true;
    static constexpr bool filters_before_counting = true;
    static constexpr bool respects_later_days = true;
    static constexpr auto counting = std::memory_order_release;
    static constexpr auto seeing = std::memory_order_acquire;
};

// The protocol, on words of somebody else's. `Word` is std::atomic<std::uint64_t>, or the explorer's model of it.
template <class Word, class Steps = miss_budget_steps>
class basic_miss_budget {
  public:
    static constexpr unsigned cells_a_word = 14;
    static constexpr unsigned count_max = 15;

    basic_miss_budget(std::span<Word> cells, std::span<Word> filter, unsigned filter_from) noexcept
        : cells_{cells}, filter_{filter}, filter_from_{filter_from} {}

    // False where certainly fewer than `filter_from` failed today. Reads the filter only.
    // Concurrency: wait-free.
    [[nodiscard]] bool may_have_reached(std::uint64_t place, std::uint64_t mark) const noexcept {
        const auto word = filter_[word_of(place, filter_)].load(Steps::seeing);
        const auto ahead = day_word::days_ahead(word, mark);
        return ((word >> filter_bit(place) & 1U) != 0 && ahead == 0) || (ahead - 1U < 8);
    }
    // At least as many as failed today; 15 stands for that and more.
    // Concurrency: wait-free.
    [[nodiscard]] unsigned count(std::uint64_t place, std::uint64_t mark) const noexcept {
        const auto word = day_word::on_day(cells_[word_of(place, cells_)].load(Steps::seeing), mark);
        return static_cast<unsigned>(word >> cell_shift(place) & 15U);
    }
    // One more.
    // Concurrency: lock-free.
    void add(std::uint64_t place, std::uint64_t mark) noexcept {
        auto& cell = cells_[word_of(place, cells_)];
        const auto shift = cell_shift(place);
        auto seen = cell.load(std::memory_order_relaxed);
        for (;;) {
            const auto today = Steps::respects_later_days || day_word::days_ahead(seen, mark) == 0
                                   ? day_word::on_day(seen, mark)
                                   : mark;
            const auto count = static_cast<unsigned>(today >> shift & 15U);
            if (count == count_max) return;
            // Who sees the counter there sees the filter's bit: acquire and release.
            const auto is_reached = count + 1 >= filter_from_;
            const auto today_mark = today & ~day_word::payload_mask;
            const auto bit = std::uint64_t{1} << filter_bit(place);
            auto& filter = filter_[word_of(place, filter_)];
            if (is_reached && Steps::filters_before_counting) set_bits(filter, bit, today_mark);
            const auto next = today + (std::uint64_t{1} << shift);
            if (!Steps::adds_by_swap) {
                cell.store(next, Steps::counting);
                return;
            }
            if (cell.compare_exchange_strong(seen, next, Steps::counting, std::memory_order_relaxed)) {
                if (is_reached && !Steps::filters_before_counting) set_bits(filter, bit, today_mark);
                return;
            }
        }
    }
    void prefetch(std::uint64_t place) const noexcept { __builtin_prefetch(&cells_[word_of(place, cells_)], 1); }

    // Empties the words that are older than the day before the marked one.
    // Complexity: linear, a pass over all memory.
    // Concurrency: lock-free, beside all else.
    void forget_before(std::uint64_t mark) noexcept {
        day_word::forget_before(cells_, mark);
        day_word::forget_before(filter_, mark);
    }

    // Puts back a word of a saved table, where it is of the marked day.
    // Concurrency: nothing else at the same time.
    void restore(std::size_t number, std::uint64_t saved, std::uint64_t mark) noexcept {
        if (number >= cells_.size() || day_word::days_ahead(saved, mark) != 0) return;
        cells_[number].store(saved, Steps::counting);
        // The places that lie in a counter lie in these four bits of one word of the filter, or of two.
        const auto first_place = ((std::uint64_t{number} << 32) + cells_.size() - 1) / cells_.size();
        const auto last_place = ((std::uint64_t{number + 1} << 32) + cells_.size() - 1) / cells_.size() - 1;
        constexpr auto bits_a_cell = day_word::payload_bits / cells_a_word;
        static_assert(bits_a_cell * cells_a_word == day_word::payload_bits);
        for (unsigned i = 0; i < cells_a_word; ++i) {
            if ((saved >> (4 * i) & 15U) < filter_from_) continue;
            const auto bits = std::uint64_t{(1U << bits_a_cell) - 1} << (bits_a_cell * i);
            for (auto at = word_of(first_place << 32, filter_); at <= word_of(last_place << 32, filter_); ++at)
                set_bits(filter_[at], bits, mark);
        }
    }

    [[nodiscard]] std::span<const Word> cells() const noexcept { return cells_; }

  private:
    [[nodiscard]] static std::size_t word_of(std::uint64_t place, std::span<const Word> words) noexcept {
        return (place >> 32) * words.size() >> 32;
    }
    [[nodiscard]] static unsigned cell_shift(std::uint64_t place) noexcept {
        return 4 * static_cast<unsigned>((place & 0xffff'ffffU) * cells_a_word >> 32);
    }
    [[nodiscard]] static unsigned filter_bit(std::uint64_t place) noexcept {
        return static_cast<unsigned>((place & 0xffff'ffffU) * day_word::payload_bits >> 32);
    }

    static void set_bits(Word& word, std::uint64_t bits, std::uint64_t mark) noexcept {
        auto seen = word.load(std::memory_order_relaxed);
        for (;;) {
            const auto today = day_word::on_day(seen, mark);
            if (today == seen && (today & bits) == bits) return;
            if (word.compare_exchange_strong(seen, today | bits, Steps::counting, std::memory_order_relaxed)) return;
        }
    }

    std::span<Word> cells_;
    std::span<Word> filter_;
    unsigned filter_from_;
};

// How much is kept of a day.
struct miss_budget_options {
    std::size_t counters = std::size_t{1} << 27;     // 77 MB; rounded up to whole words
    std::size_t filter_bits = std::size_t{7} << 18;  // 256 KiB
    unsigned filter_from = 3;                        // the least budget that is looked up by the filter
};

// With memory of its own.
class miss_budget : public basic_miss_budget<word_table::word> {
  public:
    // Exceptions: std::bad_alloc.
    explicit miss_budget(const miss_budget_options& options = {})
        : miss_budget{word_table{options.counters / cells_a_word + 1},
                      word_table{options.filter_bits / day_word::payload_bits + 1}, options.filter_from} {}

    [[nodiscard]] std::size_t memory_bytes() const noexcept {
        return own_cells_.memory_bytes() + own_filter_.memory_bytes();
    }

  private:
    miss_budget(word_table cells, word_table filter, unsigned filter_from) noexcept
        : basic_miss_budget{cells.words(), filter.words(), filter_from},
          own_cells_{std::move(cells)},
          own_filter_{std::move(filter)} {}

    word_table own_cells_;
    word_table own_filter_;
};

}  // namespace xacthuc::inline v0_1
