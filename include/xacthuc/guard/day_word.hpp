// SPDX-License-Identifier: Apache-2.0
// 64-bit words that forget by themselves. Each says of which day its other 56 bits are; on another day they count as
// zeros, and whoever writes next writes that day's. So a table has a fresh day without anybody clearing it.
//
//   day, the low 8 bits of its number 8 (bits 56..63) · payload 56 (0..55)
//
// Days come in order, but for threads that took the time a moment before midnight: a word of one of the next 8 days
// counts as today's. So no thread that is late wipes out what was counted since midnight. A word that nobody wrote to
// for 248 to 255 days would be taken for one of these: tables are swept (forget_before) far more often.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

namespace xacthuc::inline v0_1::day_word {

inline constexpr unsigned payload_bits = 56;
inline constexpr std::uint64_t payload_mask = (std::uint64_t{1} << payload_bits) - 1;

// What the words of a day are marked with.
[[nodiscard]] constexpr std::uint64_t mark_of(std::uint16_t day) noexcept {
    return std::uint64_t{static_cast<std::uint8_t>(day)} << payload_bits;
}

// Of so many days ahead a word may be and still count as of the marked day.
inline constexpr std::uint8_t days_late = 8;

// How many days the word is ahead of the marked one, modulo 256.
[[nodiscard]] constexpr std::uint8_t days_ahead(std::uint64_t word, std::uint64_t mark) noexcept {
    return static_cast<std::uint8_t>((word - mark) >> payload_bits);
}

// The word if it is of that day or counts as of it, else that day's empty one.
[[nodiscard]] constexpr std::uint64_t on_day(std::uint64_t word, std::uint64_t mark) noexcept {
    return days_ahead(word, mark) <= days_late ? word : mark;
}

// Whether nothing that counts on that day or on the day before stands in it.
[[nodiscard]] constexpr bool is_older(std::uint64_t word, std::uint64_t mark) noexcept {
    const auto ahead = days_ahead(word, mark);
    return ahead > days_late && ahead != 255;
}

// Empties the words that are older than the day before the marked one.
// Complexity: linear.
// Concurrency: lock-free, beside all who write to the words by compare-and-swap.
template <class Word>
void forget_before(std::span<Word> words, std::uint64_t mark) noexcept {
    for (auto& word : words) {
        auto seen = word.load(std::memory_order_relaxed);
        if (seen != 0 && is_older(seen, mark)) word.compare_exchange_strong(seen, mark, std::memory_order_relaxed);
    }
}

}  // namespace xacthuc::inline v0_1::day_word
