// SPDX-License-Identifier: Apache-2.0
// How many questions about a citizen failed today, whoever asked: who guesses at her data by asking is stopped, however
// many agencies and officers he asks through.
//
//   counters   words of 14 of 4 bits, saturating at 15, and their day (day_word.hpp)
//   filter     the last day, 16 bits, on which a failure that falls there took a counter to `filter_from`
//
// Two citizens may share a counter, and are then counted together: a count is never too small. With 2^27 counters and a
// million failures a day, one citizen in 134 shares hers with a failure of another's. The filter fits a near cache;
// where it does not say today, fewer than `filter_from` questions about her failed, and the counter's line is not read.
// A block that is under way at midnight may be held against either day.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>
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

// The protocol, on words of somebody else's. `Word` and `Filter` are std::atomic of 64 and 16 bits, or the explorer's
// model.
template <class Word, class Filter, class Steps = miss_budget_steps>
class basic_miss_budget {
  public:
    static constexpr unsigned cells_a_word = 14;
    static constexpr unsigned count_max = 15;

    // Requires: below 2^32 of each.
    basic_miss_budget(std::span<Word> cells, std::span<Filter> filter, unsigned filter_from) noexcept
        : cells_{cells}, filter_{filter}, filter_from_{filter_from} {}

    // What is looked up for every question, to be kept in registers over a block of them.
    class filter_view {
      public:
        // False where certainly fewer than `filter_from` failed on that day.
        // Concurrency: wait-free.
        [[nodiscard]] bool may_have_reached(std::uint64_t place, std::uint32_t day) const noexcept {
            return days_[(place >> 32) * size_ >> 32].load(std::memory_order_relaxed) >= day;
        }

      private:
        friend class basic_miss_budget;
        filter_view(const Filter* days, std::uint64_t size) noexcept : days_{days}, size_{size} {}
        const Filter* days_;
        std::uint64_t size_;
    };
    [[nodiscard]] filter_view filter() const noexcept { return {filter_.data(), filter_.size()}; }
    [[nodiscard]] bool may_have_reached(std::uint64_t place, std::uint16_t day) const noexcept {
        return filter().may_have_reached(place, day);
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
            if (count == count_max) return;
            const auto is_reached = count + 1 >= filter_from_;
            // Of the day that the counter is of.
            const auto counted_day = static_cast<std::uint16_t>(now == mark ? day : day + (ahead <= 8 ? ahead : 0));
            if (is_reached && Steps::filters_before_counting) set_filter(place, counted_day);
            const auto next = now + (std::uint64_t{1} << shift);
            if (!Steps::adds_by_swap) {
                cell.store(next, Steps::counting);
                return;
            }
            if (cell.compare_exchange_strong(seen, next, Steps::counting, std::memory_order_relaxed)) {
                if (is_reached && !Steps::filters_before_counting) set_filter(place, counted_day);
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
    void forget_before(std::uint16_t day) noexcept { day_word::forget_before(cells_, day_word::mark_of(day)); }

    // Puts back a word of a saved table, where it is of that day.
    // Concurrency: nothing else at the same time.
    void restore(std::size_t number, std::uint64_t saved, std::uint16_t day) noexcept {
        if (number >= cells_.size() || day_word::days_ahead(saved, day_word::mark_of(day)) != 0) return;
        cells_[number].store(saved, Steps::counting);
        bool is_reached = false;
        for (unsigned i = 0; i < cells_a_word; ++i) is_reached |= (saved >> (4 * i) & 15U) >= filter_from_;
        if (!is_reached) return;
        // The places of one word of counters lie in one of the filter, or in two that are side by side.
        const auto first = ((std::uint64_t{number} << 32) + cells_.size() - 1) / cells_.size();
        const auto last = ((std::uint64_t{number + 1} << 32) + cells_.size() - 1) / cells_.size() - 1;
        for (auto at = at_share(first, filter_.size()); at <= at_share(last, filter_.size()); ++at)
            filter_[at].store(day, std::memory_order_relaxed);
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

    void set_filter(std::uint64_t place, std::uint16_t day) noexcept {
        auto& last = filter_[at_share(place >> 32, filter_.size())];
        auto seen = last.load(std::memory_order_relaxed);
        while (seen < day && !last.compare_exchange_strong(seen, day, Steps::counting, std::memory_order_relaxed)) {
        }
    }

    std::span<Word> cells_;
    std::span<Filter> filter_;
    unsigned filter_from_;
};

// How much is kept of a day.
struct miss_budget_options {
    std::size_t counters = std::size_t{1} << 27;       // 77 MB; rounded up to whole words
    std::size_t filter_places = std::size_t{1} << 17;  // 256 KiB
    unsigned filter_from = 3;                          // budgets below it are looked up without the filter
};

// With memory of its own.
class miss_budget : public basic_miss_budget<word_table::word, std::atomic<std::uint16_t>> {
  public:
    // Exceptions: std::bad_alloc.
    explicit miss_budget(const miss_budget_options& options = {})
        : miss_budget{word_table{options.counters / cells_a_word + 1},
                      std::vector<std::atomic<std::uint16_t>>(std::max<std::size_t>(options.filter_places, 1)),
                      options.filter_from} {}

    [[nodiscard]] std::size_t memory_bytes() const noexcept {
        return own_cells_.memory_bytes() + own_filter_.size() * sizeof(std::uint16_t);
    }

  private:
    miss_budget(word_table cells, std::vector<std::atomic<std::uint16_t>> filter, unsigned filter_from) noexcept
        : basic_miss_budget{cells.words(), filter, filter_from},
          own_cells_{std::move(cells)},
          own_filter_{std::move(filter)} {}

    word_table own_cells_;
    std::vector<std::atomic<std::uint16_t>> own_filter_;
};

}  // namespace xacthuc::inline v0_1
