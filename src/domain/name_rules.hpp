// SPDX-License-Identifier: Apache-2.0
// The rules of canonical names, step by step over utf8proc: the meaning of both forms. What the fast path does not know
// comes here, and the tests hold the fast path against it.
#pragma once

#include <array>
#include <string_view>
#include <xacthuc/domain/name.hpp>

namespace xacthuc::inline v0_1 {

// What becomes of one code point before letters are looked at.
enum class name_part { kept, white_space, dropped, control, unassigned };
[[nodiscard]] name_part classify(char32_t c) noexcept;

// A syllable is a run of letters and marks (general categories L and M) and tone letters.
[[nodiscard]] bool is_in_syllable(char32_t c) noexcept;

// The five written tones. In the exact form a tone stands at the end of its syllable as a letter of its own, one that
// no name holds otherwise and that normalization leaves alone: ˋ huyền, ˊ sắc, ˀ hỏi, ˜ ngã, ˌ nặng.
struct tone {
    char32_t mark;    // combining, as typed on a vowel
    char32_t letter;  // as set in the exact form
};
inline constexpr std::array<tone, 5> tones{
    {{0x0300, 0x02CB}, {0x0301, 0x02CA}, {0x0309, 0x02C0}, {0x0303, 0x02DC}, {0x0323, 0x02CC}}};

// canonicalize() without the fast path. The same contract.
[[nodiscard]] result<void> canonicalize_by_rules(std::string_view utf8, name_forms& forms) noexcept;

}  // namespace xacthuc::inline v0_1
