// SPDX-License-Identifier: Apache-2.0
// What the fast path of names knows of each letter: its bytes in both forms, and its tone. Two steps lead from a code
// point to its entry, by pages of 64 so that the pages which names touch stay in the first-level cache:
//     page_of_[c >> 6] → pages_[page][c & 63]
// The entries are not written by hand: each is what the rules (name_rules.hpp) make of that character alone, and what
// the rules make of more than one letter or of none goes to the slow path.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace xacthuc::inline v0_1 {

enum class letter_kind : std::uint8_t {
    slow,       // only the rules know
    letter,     // one letter in both forms, perhaps with a tone
    separator,  // one ASCII character in both forms, ends a syllable
    space,
    dropped,
    tone_mark,     // on a Vietnamese vowel
    quality_mark,  // circumflex, breve or horn on a plain vowel
};

// The vowels that marks may follow, and only these: A E I O U Y and the marked Ă Â Ê Ô Ơ Ư.
enum class vowel_kind : std::uint8_t { none, a, e, i, o, u, y, marked };

struct letter {
    std::array<char, 4> exact{};  // UTF-8, at most three bytes
    std::uint8_t exact_bytes = 0;
    char folded = 0;
    letter_kind kind = letter_kind::slow;
    // 0, or 0x10 + 1 + the place in `tones`: the sum over a syllable shows its tone, and above 0x1F that it has two.
    std::uint8_t tone = 0;
    vowel_kind vowel = vowel_kind::none;
    // Of a quality mark: its column in letter_table::with_quality.
    std::uint8_t quality = 0;
};

class letter_table {
  public:
    // Built on first use, by any thread.
    [[nodiscard]] static const letter_table& instance() noexcept;

    // Requires: c < 0x10000.
    [[nodiscard]] const letter& operator[](std::uint32_t c) const noexcept { return pages_[page_of_[c >> 6]][c & 63]; }
    [[nodiscard]] const letter& ascii(std::uint32_t c) const noexcept { return pages_[1 + (c >> 6)][c & 63]; }

    // The vowel with the quality mark on it; of kind `slow` where there is no such Vietnamese letter.
    [[nodiscard]] const letter& with_quality(vowel_kind vowel, std::uint8_t quality) const noexcept {
        return with_quality_[static_cast<std::size_t>(vowel)][quality];
    }

  private:
    // The blocks of 64 code points that hold Latin letters, marks and the punctuation of names; page 0 is all slow.
    static constexpr std::array<std::uint16_t, 19> blocks{0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09,
                                                          0x0B, 0x0C, 0x78, 0x79, 0x7A, 0x7B, 0x80, 0xC0, 0x3FB};

    letter_table() noexcept;
    [[nodiscard]] letter make_letter(char32_t c) const noexcept;

    std::array<std::uint8_t, 0x10000 / 64> page_of_{};
    std::array<std::array<letter, 64>, 1 + blocks.size()> pages_{};
    std::array<std::array<letter, 3>, 8> with_quality_{};
};

}  // namespace xacthuc::inline v0_1
