// SPDX-License-Identifier: Apache-2.0
// How many questions about a citizen failed today, whoever asked: who guesses at her data by asking is stopped, however
// many agencies and officers he asks through.
//
//   counters   words of 14 of 4 bits, saturating at 15, and their day (day_word.hpp)
//   filter     words of 56 bits, and their day: whether a failure that falls there took a counter to `filter_from`
//
// Two citizens may share a counter, and are then counted together: a count is never too small. With 2^27 counters and a
// million failures a day, one citizen in 134 shares hers with a failure of another's. The filter fits the nearest
// cache; where its bit is not set, fewer than `filter_from` questions about her failed, and the counter's line is not
// read. A block that is under way at midnight may be held against either day.
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
    static constexpr unsigned bits_a_word = day_word::payload_bits;  // of the filter

    // Requires: below 2^32 of each.
    basic_miss_budget(std::span<Word> cells, std::span<Word> filter, unsigned filter_from) noexcept
        : cells_{cells}, filter_{filter}, filter_from_{filter_from} {}

    // What is looked up for every question, to be kept in registers over a block of them.
    class filter_view {
      public:
        // False where certainly fewer than `filter_from` failed on that day.
        // Concurrency: wait-free.
        [[nodiscard]] bool may_have_reached(std::uint64_t place) const noexcept {
            const auto word = words_[(place >> 32) * size_ >> 32].load(std::memory_order_relaxed);
            return (std::uint64_t{day_word::days_ahead(word, mark_) <= day_word::days_late} &
                    word >> filter_bit(place)) != 0;
        }

        [[nodiscard]] std::span<const Word> words() const noexcept { return {words_, size_}; }
        [[nodiscard]] std::uint64_t mark() const noexcept { return mark_; }

      private:
        friend class basic_miss_budget;
        filter_view(std::span<Word> words, std::uint64_t mark) noexcept
            : words_{words.data()}, size_{words.size()}, mark_{mark} {}
        const Word* words_;
        std::uint64_t size_;
        std::uint64_t mark_;
    };
    [[nodiscard]] filter_view filter(std::uint16_t day) const noexcept { return {filter_, day_word::mark_of(day)}; }
    [[nodiscard]] bool may_have_reached(std::uint64_t place, std::uint16_t day) const noexcept {
        return filter(day).may_have_reached(place);
    }
    // At least as many as failed on that day; 15 stands for that and more.
    // Concurrency: wait-free.
    [[nodiscard]] unsigned count(std::uint64_t place, std::uint16_t day) const noexcept {
        // Acquire pairs with add(): who sees a counter sees the filter.
        const auto seen = cells_[at_share(place >> 32, cells_.size())].load(Steps::seeing);
        return static_cast<unsigned>(day_word::on_day(seen, day_word::mark_of(day)) >> cell_shift(place) & 15U);
    }
    // One more.
    // Concurrency: lock-free.
    void add(std::uint64_t place, std::uint16_t day) noexcept {
        auto& cell = cells_[at_share(place >> 32, cells_.size())];
        const auto shift = cell_shift(place);
        const auto mark = day_word::mark_of(day);
        auto seen = cell.load(std::memory_order_relaxed);
        for (;;) {
            const auto ahead = day_word::days_ahead(seen, mark);
            const auto now = ahead == 0 || (ahead <= 8 && Steps::respects_later_days) ? seen : mark;
            const auto count = static_cast<unsigned>(now >> shift & 15U);
            const auto is_reached = count + 1 >= filter_from_;
            // Of the day that the counter is of.
            const auto counted_day = static_cast<std::uint16_t>(now == mark ? day : day + (ahead <= 8 ? ahead : 0));
            if (is_reached && Steps::filters_before_counting) set_filter_of(place, counted_day);
            // After the filter: whoever filled the counter may have another bit there.
            if (count == count_max) return;
            const auto next = now + (std::uint64_t{1} << shift);
            if (!Steps::adds_by_swap) {
                cell.store(next, Steps::counting);
                return;
            }
            if (cell.compare_exchange_strong(seen, next, Steps::counting, std::memory_order_relaxed)) {
                if (is_reached && !Steps::filters_before_counting) set_filter_of(place, counted_day);
                return;
            }
        }
    }
    void prefetch(std::uint64_t place) const noexcept {
        __builtin_prefetch(&cells_[at_share(place >> 32, cells_.size())], 1);
    }

    // Empties the words that are older than the day before.
    // Complexity: linear, a pass over all counters.
    // Concurrency: lock-free, beside all else.
    void forget_before(std::uint16_t day) noexcept {
        day_word::forget_before(cells_, day_word::mark_of(day));
        day_word::forget_before(filter_, day_word::mark_of(day));
    }

    // Puts back a word of a saved table, where it is of that day.
    // Concurrency: nothing else at the same time.
    void restore(std::size_t number, std::uint64_t saved, std::uint16_t day) noexcept {
        if (number >= cells_.size() || day_word::days_ahead(saved, day_word::mark_of(day)) != 0) return;
        cells_[number].store(saved, Steps::counting);
        std::uint64_t reached = 0;
        for (unsigned i = 0; i < cells_a_word; ++i)
            reached |= (saved >> (4 * i) & 15U) >= filter_from_ ? std::uint64_t{15} << (4 * i) : 0;
        if (reached == 0) return;
        // The places of one word of counters lie in one of the filter, or in some that are side by side, and there
        // those of one counter at four bits.
        const auto first = ((std::uint64_t{number} << 32) + cells_.size() - 1) / cells_.size();
        const auto last = ((std::uint64_t{number + 1} << 32) + cells_.size() - 1) / cells_.size() - 1;
        for (auto at = at_share(first, filter_.size()); at <= at_share(last, filter_.size()); ++at)
            set_filter(at, reached, day);
    }

    [[nodiscard]] std::span<const Word> cells() const noexcept { return cells_; }

  private:
    // Which of `size` equal parts of all 32-bit numbers this one is in.
    [[nodiscard]] static std::size_t at_share(std::uint64_t number, std::size_t size) noexcept {
        return number * size >> 32;
    }
    [[nodiscard]] static unsigned cell_shift(std::uint64_t place) noexcept {
        return 4 * static_cast<unsigned>((place & 0xffff'ffffU) * cells_a_word >> 32);
    }

    [[nodiscard]] static unsigned filter_bit(std::uint64_t place) noexcept {
        return static_cast<unsigned>((place & 0xffff'ffffU) * bits_a_word >> 32);
    }
    static_assert(bits_a_word == 4 * cells_a_word);

    void set_filter_of(std::uint64_t place, std::uint16_t day) noexcept {
        set_filter(at_share(place >> 32, filter_.size()), std::uint64_t{1} << filter_bit(place), day);
    }
    void set_filter(std::size_t number, std::uint64_t bits, std::uint16_t day) noexcept {
        auto& word = filter_[number];
        const auto mark = day_word::mark_of(day);
        auto seen = word.load(std::memory_order_relaxed);
        for (;;) {
            const auto next = day_word::on_day(seen, mark) | bits;
            if (next == seen || word.compare_exchange_strong(seen, next, Steps::counting, std::memory_order_relaxed))
                return;
        }
    }

    std::span<Word> cells_;
    std::span<Word> filter_;
    unsigned filter_from_;
};

// How much is kept of a day.
struct miss_budget_options {
    std::size_t counters = std::size_t{1} << 27;       // 77 MB; rounded up to whole words
    std::size_t filter_places = std::size_t{1} << 17;  // 19 KB; rounded up to whole words
    unsigned filter_from = 3;                          // budgets below it are looked up without the filter
};

// With memory of its own.
class miss_budget : public basic_miss_budget<word_table::word> {
  public:
    // Exceptions: std::bad_alloc.
    explicit miss_budget(const miss_budget_options& options = {})
        : miss_budget{word_table{options.counters / cells_a_word + 1},
                      word_table{options.filter_places / bits_a_word + 1}, options.filter_from} {}

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
