// SPDX-License-Identifier: Apache-2.0
// How large a share of an agency's questions fails, lately and as a rule: two moving averages.
//
//   word    failed 32 (bits 32..63) · asked 32 (0..31), both in 1/1024 of a question, both fading
//
// After n questions what was there before has faded by n / width, so that `asked` goes towards the width and what is
// older than a few widths counts for nothing. Whole numbers throughout: the same questions in the same blocks give the
// same averages everywhere.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace xacthuc::inline v0_1 {

// The protocol of one average. `Word` is std::atomic<std::uint64_t>, or the explorer's model of it.
template <class Word>
class basic_moving_ratio {
  public:
    // Requires: width a power of two below 2^21.
    // Returns the word after it.
    // Concurrency: lock-free.
    static std::uint64_t add(Word& word, std::uint32_t width, std::uint32_t failed, std::uint32_t asked) noexcept {
        auto seen = word.load(std::memory_order_relaxed);
        for (;;) {
            const auto next = after(seen, width, failed, asked);
            if (word.compare_exchange_strong(seen, next, std::memory_order_relaxed)) return next;
        }
    }
    [[nodiscard]] static std::uint64_t after(std::uint64_t word, std::uint32_t width, std::uint32_t failed,
                                             std::uint32_t asked) noexcept {
        // A longer run than the width leaves only its own.
        const auto faded = std::min(asked, width);
        const auto keep = [&](std::uint64_t sum) { return sum - sum * faded / width; };
        const auto scaled = [&](std::uint64_t count) {
            return asked <= width ? count << fraction_bits : (count << fraction_bits) * width / asked;
        };
        return (keep(word >> 32) + scaled(failed)) << 32 | (keep(word & 0xffff'ffffU) + scaled(asked));
    }

    static constexpr unsigned fraction_bits = 10;
};

// What the two averages of an agency say.
struct miss_shares {
    std::uint32_t fast_per_mille = 0;
    std::uint32_t slow_per_mille = 0;
    std::uint32_t fast_failed = 0;  // questions, of the last fast_width or so
};

class miss_ratio {
  public:
    static constexpr std::uint32_t fast_width = 512;
    static constexpr std::uint32_t slow_width = 1U << 17;
    using word = std::atomic<std::uint64_t>;

    miss_ratio(word& fast, word& slow) noexcept : fast_{fast}, slow_{slow} {}

    // Of `asked` questions in a row these failed. The averages after them, the slow one before: what it says is what
    // was usual until then.
    // Concurrency: lock-free.
    miss_shares add(std::uint32_t failed, std::uint32_t asked) noexcept {
        const auto usual = slow_.load(std::memory_order_relaxed);
        const auto lately = basic_moving_ratio<word>::add(fast_, fast_width, failed, asked);
        static_cast<void>(basic_moving_ratio<word>::add(slow_, slow_width, failed, asked));
        return {per_mille(lately), per_mille(usual),
                static_cast<std::uint32_t>((lately >> 32) >> basic_moving_ratio<word>::fraction_bits)};
    }
    [[nodiscard]] miss_shares now() const noexcept {
        const auto lately = fast_.load(std::memory_order_relaxed);
        return {per_mille(lately), per_mille(slow_.load(std::memory_order_relaxed)),
                static_cast<std::uint32_t>((lately >> 32) >> basic_moving_ratio<word>::fraction_bits)};
    }

  private:
    [[nodiscard]] static std::uint32_t per_mille(std::uint64_t word) noexcept {
        const auto asked = word & 0xffff'ffffU;
        return asked == 0 ? 0 : static_cast<std::uint32_t>((word >> 32) * 1000 / asked);
    }

    word& fast_;
    word& slow_;
};

}  // namespace xacthuc::inline v0_1
