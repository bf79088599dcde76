// SPDX-License-Identifier: Apache-2.0
// Ids as files of the ledger have them: 40 bits under a secret permutation, so that a file alone names nobody and its
// order is not that of provinces and birthdays.
//
// A Feistel network over two halves of 20 bits, six rounds, each with a function of its own: two multiplications by
// secret odd words. Whatever the functions are it is a permutation. It is no cipher of the books: who has seen very
// many numbers beside their ids could work out the words. What keeps strangers out is that the files are encrypted with
// the day's key, and that only their owner may read them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace xacthuc::inline v0_1 {

class id_permutation {
  public:
    static constexpr std::size_t secret_bytes = 32;
    static constexpr unsigned id_bits = 40;

    explicit id_permutation(std::span<const std::byte, secret_bytes> secret) noexcept;

    // Requires: below 2^40, both ways. Concurrency: wait-free.
    [[nodiscard]] std::uint64_t hide(std::uint64_t id) const noexcept {
        std::uint64_t left = id >> half_bits;
        std::uint64_t right = id & half_mask;
        for (const auto& by : rounds_) {
            const auto next = left ^ by(right);
            left = right;
            right = next;
        }
        return left << half_bits | right;
    }
    [[nodiscard]] std::uint64_t reveal(std::uint64_t hidden) const noexcept {
        std::uint64_t left = hidden >> half_bits;
        std::uint64_t right = hidden & half_mask;
        for (auto by = rounds_.rbegin(); by != rounds_.rend(); ++by) {
            const auto before = right ^ (*by)(left);
            right = left;
            left = before;
        }
        return left << half_bits | right;
    }

  private:
    static constexpr unsigned half_bits = id_bits / 2;
    static constexpr std::uint64_t half_mask = (std::uint64_t{1} << half_bits) - 1;

    struct round {
        std::uint64_t start;
        std::uint64_t first;
        std::uint64_t second;

        [[nodiscard]] std::uint64_t operator()(std::uint64_t half) const noexcept {
            auto word = (half + start) * first;
            word = (word ^ word >> 32) * second;
            return word >> (64 - half_bits);
        }
    };
    std::array<round, 6> rounds_;
};

}  // namespace xacthuc::inline v0_1
