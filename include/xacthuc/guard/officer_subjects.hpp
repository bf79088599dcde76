// SPDX-License-Identifier: Apache-2.0
// About how many different citizens each officer asked today, in 64 bytes an officer.
//
//   8 words of 56 bits and their day (day_word.hpp): a bit for every place that was asked about
//
// Of b bits of which z are still 0, -b ln(z / b) citizens were asked about: within 5 % up to 1,000, and beyond 2,700
// only "many".
// Source: linear counting, Whang et al. (1990).
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <xacthuc/guard/day_word.hpp>
#include <xacthuc/guard/word_table.hpp>

namespace xacthuc::inline v0_1 {

class officer_subjects {
  public:
    static constexpr std::size_t words_each = 8;
    static constexpr std::size_t bits_each = words_each * day_word::payload_bits;

    // Exceptions: std::bad_alloc.
    explicit officer_subjects(std::size_t officers_max) : words_{officers_max * words_each} {}

    // Returns whether the citizen is new for the officer, or very likely so.
    // Requires: officer < officers_max.
    // Concurrency: lock-free.
    bool add(std::size_t officer, std::uint64_t place, std::uint64_t mark) noexcept {
        auto& word = words_[officer * words_each + (place >> 61)];
        const auto bit = std::uint64_t{1} << ((place & 0xffff'ffffU) * day_word::payload_bits >> 32);
        auto seen = word.load(std::memory_order_relaxed);
        for (;;) {
            const auto today = day_word::on_day(seen, mark);
            if ((today & bit) != 0) return false;
            if (word.compare_exchange_strong(seen, today | bit, std::memory_order_relaxed)) return true;
        }
    }
    [[nodiscard]] double estimate(std::size_t officer, std::uint64_t mark) const noexcept {
        int set = 0;
        for (std::size_t w = 0; w < words_each; ++w) {
            const auto word = words_[officer * words_each + w].load(std::memory_order_relaxed);
            if (day_word::days_ahead(word, mark) == 0) set += std::popcount(word & day_word::payload_mask);
        }
        constexpr auto bits = static_cast<double>(bits_each);
        const auto zeros = bits - set;
        return zeros < 1 ? bits * std::log(bits) : -bits * std::log(zeros / bits);
    }
    // As basic_miss_budget's.
    void forget_before(std::uint64_t mark) noexcept { day_word::forget_before(words_.words(), mark); }
    [[nodiscard]] std::size_t memory_bytes() const noexcept { return words_.memory_bytes(); }

  private:
    word_table words_;
};

}  // namespace xacthuc::inline v0_1
