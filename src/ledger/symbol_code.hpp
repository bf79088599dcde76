// SPDX-License-Identifier: Apache-2.0
// Canonical Huffman codes: the more often a symbol comes the fewer bits it takes. A code is known by the length of each
// symbol's word; 0 stands for a symbol that does not come. Where one symbol alone comes it takes no bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ledger/bit_stream.hpp"

namespace xacthuc::inline v0_1 {

inline constexpr unsigned code_length_max = 24;
// In place of a length: the symbol that comes alone.
inline constexpr std::uint8_t code_of_the_only = 255;

// Of symbols that come so often. Complexity: a sort of them. Exceptions: std::bad_alloc.
[[nodiscard]] std::vector<std::uint8_t> code_lengths(std::span<const std::uint64_t> counts);

class symbol_writer {
  public:
    // Requires: lengths of code_lengths().
    explicit symbol_writer(std::span<const std::uint8_t> lengths);
    // Requires: the symbol has a length.
    void put(std::size_t symbol, bit_writer& to) const { to.put(words_[symbol].word, words_[symbol].length); }

  private:
    struct code_word {
        std::uint32_t word = 0;
        std::uint8_t length = 0;
    };
    std::vector<code_word> words_;
};

class symbol_reader {
  public:
    // None where no code has such lengths.
    [[nodiscard]] static std::optional<symbol_reader> make(std::span<const std::uint8_t> lengths);
    // What comes next; a number that no symbol has where the bits are no word.
    [[nodiscard]] std::size_t get(bit_reader& from) const noexcept {
        if (only_) return *only_;
        const auto quick = quick_[from.look(quick_bits)];
        if (quick.length != 0) {
            from.skip(quick.length);
            return quick.symbol;
        }
        return get_long(from);
    }

  private:
    static constexpr unsigned quick_bits = 11;
    struct quick_entry {
        std::uint32_t symbol = 0;
        std::uint8_t length = 0;
    };

    symbol_reader() = default;
    [[nodiscard]] std::size_t get_long(bit_reader& from) const noexcept;

    std::optional<std::size_t> only_;
    std::vector<quick_entry> quick_;
    std::vector<std::uint32_t> symbols_;  // in the order of their words
    std::array<std::uint32_t, code_length_max + 2> first_word_{};
    std::array<std::uint32_t, code_length_max + 2> first_symbol_{};
    std::array<std::uint32_t, code_length_max + 2> count_{};
};

// A number as the symbol of how many bits it has, 0 to 64, and these bits behind it without the first.
inline constexpr std::size_t magnitude_symbols = 65;
[[nodiscard]] inline std::size_t magnitude(std::uint64_t value) noexcept {
    return static_cast<std::size_t>(std::bit_width(value));
}
void put_rest(std::uint64_t value, bit_writer& to);
[[nodiscard]] std::uint64_t get_rest(std::size_t magnitude, bit_reader& from) noexcept;

// Small numbers of both signs as small numbers.
[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) noexcept {
    return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}
[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
}

}  // namespace xacthuc::inline v0_1
