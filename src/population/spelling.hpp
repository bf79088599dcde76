// SPDX-License-Identifier: Apache-2.0
// The ways in which one written word of a name can be spelled: by register, keyboard, card reader, bank or careless
// hand.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace xacthuc::inline v0_1 {

enum class spelling : std::uint8_t {
    plain,        // NFC, capital first: Hòa
    other_tone,   // the tone on the other of two vowels: Hoà
    decomposed,   // NFD
    combining,    // vowels whole, tones apart, as Windows-1258 has it: ê + tilde
    lower,        // NFC
    upper,        // NFC
    typographic,  // ’ for ' and ‐ for -
    toneless,     // vowels right, tones gone: Hoa, Trân
    bare,         // no diacritics: D for Đ
    bare_upper
};
inline constexpr std::size_t spelling_count = 10;

// What became of a word: its spellings, and in what it differs from itself.
struct spelled_word {
    std::array<std::string, spelling_count> as;
    bool toneless_differs = false;
    bool bare_differs = false;
    bool toneless_has_marks = false;
};

// Requires: one word in NFC made of the letters of Vietnamese, ĕ ĭ ŏ ŭ č, apostrophes and hyphens.
[[nodiscard]] spelled_word spell(std::string_view word);

}  // namespace xacthuc::inline v0_1
