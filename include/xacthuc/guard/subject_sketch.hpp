// SPDX-License-Identifier: Apache-2.0
// How many different citizens were asked about, without remembering whom: HyperLogLog with 4,096 registers.
//
//   512 words of 8 registers of 7 bits, and their day or month (day_word.hpp): 4 KiB
//   1 word     of the day's sketch: the sum that its estimate is made of, so that nobody has to look at the registers
//   1 word     of the day's sketch: the least of its registers
//
// A register holds the greatest number of leading zeros, plus one, among the citizens whose place falls to it. The
// standard error of the estimate is 1.04 / sqrt(4,096) = 1.6 %. An agency has a sketch of the day and thirteen of
// months, of which each is the union of its days: a year is the union of this month and the twelve before it.
// Source: Flajolet et al. (2007); the estimate is Ertl's (arXiv:1702.01284, algorithm 6), which needs no tables and has
// no bias where the number is of the order of the registers.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <xacthuc/guard/day_word.hpp>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t sketch_registers = 4096;
inline constexpr std::size_t sketch_words = sketch_registers / 8;
using sketch_values = std::array<std::uint8_t, sketch_registers>;

// How many different citizens were seen, where so many registers are empty and z is the sum of 2^-value of the others.
[[nodiscard]] inline double sketch_estimate_of(std::uint32_t empty, double z) noexcept {
    constexpr auto registers = static_cast<double>(sketch_registers);
    // sigma(x) = x + sum of x^(2^k) 2^(k-1), of the share of registers that are still empty.
    double x = empty / registers;
    if (x == 1) return 0;
    double sigma = x;
    double before = -1;
    for (double y = 1; sigma != before; y += y) {
        x *= x;
        before = sigma;
        sigma += x * y;
    }
    constexpr double alpha = 0.721347520444481703680;  // 1 / (2 ln 2)
    return alpha * registers * registers / (z + registers * sigma);
}

// How many different citizens these registers have seen.
[[nodiscard]] inline double sketch_estimate(const sketch_values& values) noexcept {
    constexpr unsigned zeros_max = 52;  // the bits of a place that do not choose the register
    std::array<std::uint32_t, zeros_max + 2> count{};
    for (const auto value : values) ++count[value <= zeros_max + 1 ? value : zeros_max + 1];
    double z = 0;
    // A register at its end is taken as one below it: it needs 2^51 citizens.
    for (auto k = zeros_max + 1; k >= 1; --k) z = 0.5 * (z + count[k]);
    return sketch_estimate_of(count[0], z);
}

// The same without a look at the registers: what each of them that grew adds to a sum of its day.
//
//   registers that are not empty 13 (bits 43..55) · by how much theirs of z is less than 1 each, in 2^-30 43 (0..42)
namespace sketch_sum {

inline constexpr unsigned count_at = 43;
inline constexpr unsigned fraction_bits = 30;

// Requires: from < to.
[[nodiscard]] constexpr std::uint64_t of_growth(std::uint64_t from, std::uint64_t to) noexcept {
    constexpr auto one = std::uint64_t{1} << fraction_bits;
    return (one >> from) - (one >> std::min<std::uint64_t>(to, 63)) + (std::uint64_t{from == 0} << count_at);
}
// Complexity: some tens of nanoseconds.
[[nodiscard]] inline double estimate(std::uint64_t sum) noexcept {
    const auto grown = std::min<std::uint64_t>(sum >> count_at & 0x1fff, sketch_registers);
    const auto less = static_cast<double>(sum & ((std::uint64_t{1} << count_at) - 1)) / (1U << fraction_bits);
    const auto z = std::max(static_cast<double>(grown) - less, 1e-6);
    return sketch_estimate_of(static_cast<std::uint32_t>(sketch_registers - grown), z);
}

}  // namespace sketch_sum

// The protocol, on words of somebody else's. `Word` is std::atomic<std::uint64_t>, or the explorer's model of it.
template <class Word>
class basic_subject_sketch {
  public:
    // Requires: sketch_words words.
    explicit basic_subject_sketch(std::span<Word> words) noexcept : words_{words} {}

    // Takes a citizen in. The mark is of the day or the month that the sketch is of.
    // Returns what it adds to the sketch's sum: mostly 0 once the sketch has seen many, and then nothing is written.
    // Concurrency: lock-free.
    std::uint64_t add(std::uint64_t place, std::uint64_t mark) noexcept {
        auto& word = words_[place % sketch_words];
        const auto shift = 7 * static_cast<unsigned>(place / sketch_words % 8);
        const auto value = static_cast<std::uint64_t>(std::countl_zero(place | 0xfff) + 1);
        auto seen = word.load(std::memory_order_relaxed);
        for (;;) {
            const auto today = day_word::on_day(seen, mark);
            const auto before = today >> shift & 127U;
            if (before >= value) return 0;
            const auto next = (today & ~(std::uint64_t{127} << shift)) | value << shift;
            if (word.compare_exchange_strong(seen, next, std::memory_order_relaxed))
                return sketch_sum::of_growth(before, value);
        }
    }
    void prefetch(std::uint64_t place) const noexcept { __builtin_prefetch(&words_[place % sketch_words], 1); }

    // Raises each of the values to what the sketch has, where it is of that day or month.
    void merge_into(sketch_values& values, std::uint64_t mark) const noexcept {
        for (std::size_t w = 0; w < sketch_words; ++w) {
            const auto word = words_[w].load(std::memory_order_relaxed);
            if (day_word::days_ahead(word, mark) != 0) continue;
            for (unsigned r = 0; r < 8; ++r) {
                auto& value = values[8 * w + r];
                const auto here = static_cast<std::uint8_t>(word >> (7 * r) & 127U);
                if (here > value) value = here;
            }
        }
    }
    [[nodiscard]] double estimate(std::uint64_t mark) const noexcept {
        sketch_values values{};
        merge_into(values, mark);
        return sketch_estimate(values);
    }

  private:
    std::span<Word> words_;
};

// One agency's: of today, and of this month and the twelve before it.
class subject_sketch {
  public:
    static constexpr std::size_t month_count = 13;
    static constexpr std::size_t memory_words = (1 + month_count) * sketch_words + 8;  // 56 KiB
    using word = std::atomic<std::uint64_t>;

    // Requires: memory_words words that nobody else writes to.
    explicit subject_sketch(std::span<word> words) noexcept : words_{words} {}

    // A calendar's: days as policy_day_of(), months counted from any one.
    struct date {
        std::uint16_t day = 0;
        std::uint16_t month = 0;
    };
    // What citizens changed in the sketches: theirs are added up, and told to note().
    struct growth {
        std::uint64_t day_sum = 0;
        std::uint32_t of_month = 0;  // registers of the month's sketch: a year's estimate needs looking at only then
        bool none() const noexcept { return day_sum == 0; }
    };
    // Concurrency: lock-free.
    void add(std::uint64_t place, date when, growth& grown) noexcept {
        const auto today = day().add(place, day_word::mark_of(when.day));
        if (today == 0) return;
        grown.day_sum += today;
        // What does not change the day's sketch is in the month's already.
        grown.of_month += month(when.month).add(place, day_word::mark_of(when.month)) != 0;
    }
    // Returns how many different citizens this makes on the day.
    // Complexity: some tens of nanoseconds; some hundred each time the number has grown by about a half.
    // Concurrency: lock-free.
    double note(const growth& grown, std::uint16_t of_day) noexcept {
        const auto mark = day_word::mark_of(of_day);
        auto seen = sum().load(std::memory_order_relaxed);
        std::uint64_t next = 0;
        std::uint64_t before = 0;
        do {
            before = day_word::on_day(seen, mark);
            next = before + grown.day_sum;
        } while (!sum().compare_exchange_weak(seen, next, std::memory_order_relaxed));
        const auto now = sketch_sum::estimate(next);
        constexpr double first_full = 20'000;  // with fewer some register is empty
        const auto half_steps = [](double number) { return std::ilogb(number * number); };
        if (now > first_full && half_steps(now) != half_steps(sketch_sum::estimate(before))) move_least(mark);
        return now;
    }
    // Places above it change no register of that day: with n citizens that is all but about 1 in n / 30,000. So most
    // citizens of a busy agency need no look at the sketch.
    [[nodiscard]] std::uint64_t last_place_that_grows(std::uint16_t of_day) const noexcept {
        const auto seen = least().load(std::memory_order_relaxed);
        const auto value = day_word::days_ahead(seen, day_word::mark_of(of_day)) == 0 ? seen & 63U : 0;
        return ~std::uint64_t{0} >> value;
    }
    // The registers of the day, for who asks many places at once.
    [[nodiscard]] std::span<const word, sketch_words> day_words() const noexcept {
        return words_.first<sketch_words>();
    }
    // After the registers were put back: what note() goes by.
    // Concurrency: nothing else at the same time.
    void recount(std::uint16_t of_day) noexcept {
        const auto mark = day_word::mark_of(of_day);
        sketch_values values{};
        day().merge_into(values, mark);
        auto all = mark;
        for (const auto value : values)
            if (value != 0) all += sketch_sum::of_growth(0, value);
        sum().store(all, std::memory_order_relaxed);
        move_least(mark);
    }

    // Complexity: some microseconds.
    [[nodiscard]] double day_estimate(std::uint16_t of_day) const noexcept {
        return day().estimate(day_word::mark_of(of_day));
    }
    // Of the month and the twelve before it together.
    // Complexity: some ten microseconds.
    [[nodiscard]] double year_estimate(std::uint16_t of_month) const noexcept {
        sketch_values values{};
        for (std::size_t back = 0; back < month_count; ++back) {
            const auto m = static_cast<std::uint16_t>(of_month - back);
            month(m).merge_into(values, day_word::mark_of(m));
        }
        return sketch_estimate(values);
    }

  private:
    void move_least(std::uint64_t mark) noexcept {
        sketch_values values{};
        day().merge_into(values, mark);
        const auto seen = least().load(std::memory_order_relaxed);
        const auto now = mark | *std::min_element(values.begin(), values.end());
        // Registers only grow: an older value costs time, and is right.
        if (day_word::days_ahead(seen, mark) != 0 || now > seen) least().store(now, std::memory_order_relaxed);
    }

    [[nodiscard]] word& least() const noexcept { return words_.back(); }
    [[nodiscard]] word& sum() const noexcept { return words_[words_.size() - 2]; }  // as sketch_sum, and the day
    [[nodiscard]] basic_subject_sketch<word> day() const noexcept {
        return basic_subject_sketch<word>{words_.first(sketch_words)};
    }
    [[nodiscard]] basic_subject_sketch<word> month(std::uint16_t number) const noexcept {
        return basic_subject_sketch<word>{words_.subspan((1 + number % month_count) * sketch_words, sketch_words)};
    }

    std::span<word> words_;
};

}  // namespace xacthuc::inline v0_1
