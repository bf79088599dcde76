// SPDX-License-Identifier: Apache-2.0
// A name as the numbers of its words, and the table of all words in every spelling: a name is written by copying short
// texts one after the other.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "population/name_pools.hpp"
#include "population/random_stream.hpp"
#include "population/spelling.hpp"

namespace xacthuc::inline v0_1 {

struct name_words {
    static constexpr std::size_t count_max = 8;

    std::array<std::uint16_t, count_max> word{};
    std::uint8_t count = 0;        // 0: no name known
    std::uint8_t given_first = 0;  // where the given name starts and what pool it is from
    std::uint8_t given_count = 0;
    bool tone_on_second = false;  // the register's own style of oa, oe, uy

    friend bool operator==(const name_words&, const name_words&) = default;
};

// What stands around and between the words.
enum class spacing : std::uint8_t { single, doubled, around, no_break };

// Concurrency: immutable; wait-free. One for the whole process, made at the first use (under a millisecond).
class name_table {
  public:
    [[nodiscard]] static const name_table& instance();

    [[nodiscard]] name_words draw(bool female, int birth_year, random_stream& random) const noexcept;
    [[nodiscard]] name_words draw_minority(bool female, random_stream& random) const noexcept;
    // Another person's name that differs from it in letters, so that not even the folded forms are equal.
    [[nodiscard]] name_words another(const name_words& than, bool female, int birth_year,
                                     random_stream& random) const noexcept;

    // Writes the name and returns how long it is. Requires: room for name_bytes_max bytes.
    // spelling::plain is the register's own.
    std::size_t write(const name_words& name, spelling how, spacing between, char* into) const noexcept;

    [[nodiscard]] bool has_tones(const name_words& name) const noexcept { return any_flag(name, tones_flag); }
    // That stay when the tones go: on vowels and of Đ.
    [[nodiscard]] bool has_vowel_marks(const name_words& name) const noexcept { return any_flag(name, vowels_flag); }
    [[nodiscard]] bool has_diacritics(const name_words& name) const noexcept { return any_flag(name, marks_flag); }

  private:
    // Up to three words of one part of a name.
    struct part {
        std::array<std::uint16_t, 3> word{};
        std::uint8_t count = 0;
    };
    struct part_range {
        std::uint16_t first = 0;
        std::uint16_t count = 0;
    };
    struct minority_ranges {
        part_range family, male_prefix, female_prefix, male_given, female_given;
        bool family_first = false;
    };
    struct cell {
        static constexpr std::size_t text_max = 23;

        std::array<char, text_max> text{};
        std::uint8_t size = 0;
    };
    static_assert(sizeof(cell) == 24);
    static constexpr std::size_t family_slots = 4096;
    static constexpr std::uint8_t tones_flag = 1, marks_flag = 2, vowels_flag = 4;

    name_table();
    [[nodiscard]] std::uint16_t number_of(std::string_view word);
    [[nodiscard]] part_range add(name_pools::pool pool);
    void fill_family_slots();
    static void append(name_words& name, const part& more) noexcept;
    [[nodiscard]] const part& favoured(part_range from, random_stream& random) const noexcept;
    [[nodiscard]] bool any_flag(const name_words& name, std::uint8_t flag) const noexcept;
    [[nodiscard]] bool same_letters(const name_words& a, const name_words& b) const noexcept;

    std::vector<std::string_view> words_;
    std::vector<std::uint8_t> flags_;
    std::array<std::vector<cell>, spelling_count> cells_;
    std::vector<part> parts_;
    std::array<std::uint16_t, family_slots> family_slots_{};  // part numbers
    std::array<part_range, 6> middle_, given_;
    std::vector<minority_ranges> minorities_;
};

}  // namespace xacthuc::inline v0_1
