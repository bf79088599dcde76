// SPDX-License-Identifier: Apache-2.0
// The letter table, made from the rules.
#include "domain/name_letters.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <string_view>

#include "domain/name_rules.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::u32string_view plain_vowels = U"AEIOUY";  // in the order of vowel_kind
constexpr std::u32string_view marked_vowels = U"\u0102\u00C2\u00CA\u00D4\u01A0\u01AF";
constexpr std::u32string_view quality_marks = U"\u0302\u0306\u031B";

[[nodiscard]] std::string_view encode(char32_t c, std::array<char, 4>& buffer) noexcept {
    const utf8proc_ssize_t size =
        utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), reinterpret_cast<utf8proc_uint8_t*>(buffer.data()));
    return {buffer.data(), static_cast<std::size_t>(size)};
}

[[nodiscard]] char32_t decode_first(std::string_view text, std::size_t& size) noexcept {
    utf8proc_int32_t c = 0;
    size = static_cast<std::size_t>(utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                     static_cast<utf8proc_ssize_t>(text.size()), &c));
    return static_cast<char32_t>(c);
}

// Ṍ holds two tones: whether they stay depends on nothing else, but that of another letter in its syllable then stays
// too.
[[nodiscard]] bool has_two_tones(char32_t c) noexcept {
    std::array<utf8proc_int32_t, 8> parts{};
    utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(), parts.size(), UTF8PROC_DECOMPOSE, nullptr);
    return std::ranges::count_if(parts, [](utf8proc_int32_t part) {
               return std::ranges::find(tones, static_cast<char32_t>(part), &tone::mark) != tones.end();
           }) > 1;
}

[[nodiscard]] std::uint8_t tone_code(const tone* found) noexcept {
    return static_cast<std::uint8_t>(0x11 + (found - tones.begin()));
}

[[nodiscard]] letter make_mark(char32_t c) noexcept {
    letter mark;
    if (const auto* found = std::ranges::find(tones, c, &tone::mark); found != tones.end()) {
        mark.kind = letter_kind::tone_mark;
        mark.tone = tone_code(found);
    } else if (const auto at = quality_marks.find(c); at != std::u32string_view::npos) {
        mark.kind = letter_kind::quality_mark;
        mark.quality = static_cast<std::uint8_t>(at);
    }
    return mark;
}

[[nodiscard]] vowel_kind vowel_of(char32_t c) noexcept {
    if (const auto at = plain_vowels.find(c); at != std::u32string_view::npos) return static_cast<vowel_kind>(1 + at);
    return marked_vowels.find(c) == std::u32string_view::npos ? vowel_kind::none : vowel_kind::marked;
}

// What the forms of one character say about it; slow unless they are one code point, perhaps a tone, and one ASCII
// character.
[[nodiscard]] letter read_forms(char32_t c, const name_forms& forms) noexcept {
    letter entry;
    std::size_t size = 0;
    const char32_t exact = decode_first(forms.exact(), size);
    const std::string_view rest = forms.exact().substr(size);
    if (size > 3 || forms.folded().size() != 1 || has_two_tones(c)) return entry;
    if (!rest.empty()) {
        std::size_t rest_size = 0;
        const char32_t after = decode_first(rest, rest_size);
        const auto* found = std::ranges::find(tones, after, &tone::letter);
        if (found == tones.end() || rest_size != rest.size()) return entry;
        entry.tone = tone_code(found);
    }
    std::ranges::copy(forms.exact().substr(0, size), entry.exact.begin());
    entry.exact_bytes = static_cast<std::uint8_t>(size);
    entry.folded = forms.folded().front();
    entry.kind = is_in_syllable(exact) ? letter_kind::letter : letter_kind::separator;
    entry.vowel = vowel_of(exact);
    return entry;
}

}  // namespace

const letter_table& letter_table::instance() noexcept {
    static const letter_table table;
    return table;
}

letter letter_table::make_letter(char32_t c) const noexcept {
    letter entry;
    switch (classify(c)) {
        case name_part::white_space:
            entry.kind = letter_kind::space;
            return entry;
        case name_part::dropped:
            entry.kind = letter_kind::dropped;
            return entry;
        case name_part::control:
        case name_part::unassigned:
            return entry;
        case name_part::kept:
            break;
    }
    std::array<char, 4> buffer{};
    name_forms forms;
    return canonicalize_by_rules(encode(c, buffer), forms) ? read_forms(c, forms) : make_mark(c);
}

letter_table::letter_table() noexcept {
    for (std::size_t page = 1; page < pages_.size(); ++page) {
        const std::uint32_t block = blocks[page - 1];
        page_of_[block] = static_cast<std::uint8_t>(page);
        for (std::uint32_t low = 0; low < 64; ++low) pages_[page][low] = make_letter(block << 6 | low);
    }
    for (std::size_t vowel = 0; vowel < plain_vowels.size(); ++vowel)
        for (std::size_t quality = 0; quality < quality_marks.size(); ++quality) {
            std::array<char, 4> buffer{};
            std::array<char, 8> pair{};
            const auto base = encode(plain_vowels[vowel], buffer);
            char* end = std::ranges::copy(base, pair.data()).out;
            end = std::ranges::copy(encode(quality_marks[quality], buffer), end).out;
            name_forms forms;
            const auto made = canonicalize_by_rules({pair.data(), end}, forms);
            const letter entry = made ? read_forms(plain_vowels[vowel], forms) : letter{};
            if (entry.vowel == vowel_kind::marked) with_quality_[1 + vowel][quality] = entry;
        }
}

}  // namespace xacthuc::inline v0_1
