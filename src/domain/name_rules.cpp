// SPDX-License-Identifier: Apache-2.0
// Decode and decompose · order the marks · upper case, Đ, apostrophes, hyphens · tones to the end of their syllables ·
// order again · compose. Folding leaves after the upper case. Every step sees the whole name as code points.
#include "domain/name_rules.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <cassert>
#include <span>

#include "domain/name_writer.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Canonical decomposition gives at most three code points for two bytes (Ǖ), folding at most two letters for two.
constexpr std::size_t code_points_max = name_bytes_max * 2;
using code_points = boost::container::static_vector<char32_t, code_points_max>;

[[nodiscard]] const utf8proc_property_t& property(char32_t c) noexcept {
    return *utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
}

[[nodiscard]] bool is_mark(char32_t c) noexcept {
    const auto category = property(c).category;
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

[[nodiscard]] bool is_tone_letter(char32_t c) noexcept {
    return std::ranges::find(tones, c, &tone::letter) != tones.end();
}

[[nodiscard]] const tone* find_tone_mark(char32_t c) noexcept {
    const auto* found = std::ranges::find(tones, c, &tone::mark);
    return found == tones.end() ? nullptr : found;
}

[[nodiscard]] bool is_vowel(char32_t c) noexcept {
    return c == U'A' || c == U'E' || c == U'I' || c == U'O' || c == U'U' || c == U'Y';
}

[[nodiscard]] bool is_apostrophe(char32_t c) noexcept {
    constexpr std::u32string_view apostrophes =
        U"'`\u00B4\u02B9\u02BB\u02BC\u02BD\u02BE\u02BF\u02C8\u2018\u2019\u201A\u201B\u2032\u2035\uA78B\uFF07\uFF40";
    return apostrophes.find(c) != std::u32string_view::npos;
}

[[nodiscard]] bool is_hyphen(char32_t c) noexcept {
    constexpr std::u32string_view hyphens = U"-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\uFE58\uFE63\uFF0D";
    return hyphens.find(c) != std::u32string_view::npos;
}

// One decomposed code point as the exact form has it.
[[nodiscard]] char32_t exact_letter(char32_t c) noexcept {
    const auto upper = static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
    if (upper == U'\u00D0' || upper == U'\u0189') return U'\u0110';
    if (is_apostrophe(upper)) return U'\'';
    return is_hyphen(upper) ? U'-' : upper;
}

// Letters that Unicode does not decompose, as machine-readable travel documents write them (ICAO 9303 part 3), but Ø as
// O, for that is how it looks without its stroke. Also the barred and hooked letters of Vietnam's minority languages.
struct folding {
    char32_t letter;
    std::u32string_view folded;
};
constexpr std::array<folding, 20> foldings{
    {{U'\u0110', U"D"}, {U'\u1E9E', U"SS"}, {U'\u00C6', U"AE"}, {U'\u0152', U"OE"}, {U'\u00D8', U"O"},
     {U'\u0141', U"L"}, {U'\u00DE', U"TH"}, {U'\u0126', U"H"},  {U'\u0166', U"T"},  {U'\u0197', U"I"},
     {U'\u0244', U"U"}, {U'\u0243', U"B"},  {U'\u0181', U"B"},  {U'\u018A', U"D"},  {U'\u014A', U"N"},
     {U'\u018F', U"E"}, {U'\u0132', U"IJ"}, {U'\u01B5', U"Z"},  {U'\u01E4', U"G"},  {U'\u024E', U"Y"}}};

// Appends the name as decomposed code points, white space as U+0020, what is dropped left out.
[[nodiscard]] result<void> decode(std::string_view utf8, code_points& out) noexcept {
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
    auto left = static_cast<utf8proc_ssize_t>(utf8.size());
    while (left > 0) {
        utf8proc_int32_t c = 0;
        const utf8proc_ssize_t size = utf8proc_iterate(bytes, left, &c);
        if (size <= 0) return errc::name_not_utf8;
        bytes += size;
        left -= size;
        switch (classify(static_cast<char32_t>(c))) {
            case name_part::control:
                return errc::name_control_character;
            case name_part::unassigned:
                return errc::name_unassigned_character;
            case name_part::dropped:
                continue;
            case name_part::white_space:
                out.push_back(U' ');
                continue;
            case name_part::kept:
                break;
        }
        std::array<utf8proc_int32_t, 8> decomposed{};
        const utf8proc_ssize_t count =
            utf8proc_decompose_char(c, decomposed.data(), decomposed.size(), UTF8PROC_DECOMPOSE, nullptr);
        assert(count > 0 && count <= static_cast<utf8proc_ssize_t>(decomposed.size()));
        for (utf8proc_ssize_t i = 0; i < count; ++i)
            out.push_back(static_cast<char32_t>(decomposed[static_cast<std::size_t>(i)]));
    }
    return {};
}

// Unicode's canonical ordering: each run of marks sorted, stably, by combining class.
void order_marks(code_points& text) noexcept {
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char32_t c = text[i];
        const auto rank = property(c).combining_class;
        std::size_t at = i;
        for (; rank != 0 && at > 0 && property(text[at - 1]).combining_class > rank; --at) text[at] = text[at - 1];
        text[at] = c;
    }
}

// Appends one syllable with its tone last. Two tones are not Vietnamese, so they stay where they are, and a mark that
// serves as a tone in Vietnamese is part of the letter on a consonant (Ñ, Ć).
void append_syllable(std::span<const char32_t> syllable, code_points& out) noexcept {
    char32_t base = 0;
    char32_t letter = 0;
    std::size_t tone_at = 0;
    std::size_t tone_count = 0;
    for (std::size_t i = 0; i < syllable.size(); ++i) {
        const char32_t c = syllable[i];
        if (is_tone_letter(c)) {
            letter = c;
        } else if (!is_mark(c)) {
            base = c;
            continue;
        } else if (const tone* found = find_tone_mark(c); found != nullptr && is_vowel(base)) {
            letter = found->letter;
        } else {
            continue;
        }
        tone_at = i;
        ++tone_count;
    }
    if (tone_count != 1) {
        out.insert(out.end(), syllable.begin(), syllable.end());
        return;
    }
    for (std::size_t i = 0; i < syllable.size(); ++i)
        if (i != tone_at) out.push_back(syllable[i]);
    out.push_back(letter);
}

[[nodiscard]] code_points with_tones_last(const code_points& text) noexcept {
    code_points out;
    for (auto at = text.begin(); at != text.end();) {
        const auto syllable_end = std::find_if_not(at, text.end(), is_in_syllable);
        if (syllable_end != at) append_syllable({at, syllable_end}, out);
        at = syllable_end;
        if (at != text.end()) out.push_back(*at++);
    }
    return out;
}

[[nodiscard]] code_points without_marks(const code_points& text) noexcept {
    code_points out;
    for (const char32_t c : text) {
        if (is_mark(c) || is_tone_letter(c)) continue;
        const auto* found = std::ranges::find(foldings, c, &folding::letter);
        if (found == foldings.end())
            out.push_back(c);
        else
            out.insert(out.end(), found->folded.begin(), found->folded.end());
    }
    return out;
}

void collapse_spaces(code_points& text) noexcept {
    const auto doubled = [](char32_t a, char32_t b) { return a == U' ' && b == U' '; };
    text.erase(std::unique(text.begin(), text.end(), doubled), text.end());
    if (!text.empty() && text.back() == U' ') text.pop_back();
    if (!text.empty() && text.front() == U' ') text.erase(text.begin());
}

// Composes ordered code points and writes them as UTF-8; returns the end.
[[nodiscard]] char* compose(const code_points& text, char* out) noexcept {
    std::array<utf8proc_int32_t, code_points_max> composed;
    std::ranges::transform(text, composed.begin(), [](char32_t c) { return static_cast<utf8proc_int32_t>(c); });
    constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    const utf8proc_ssize_t count =
        utf8proc_normalize_utf32(composed.data(), static_cast<utf8proc_ssize_t>(text.size()), options);
    assert(count >= 0);
    for (utf8proc_ssize_t i = 0; i < count; ++i)
        out += utf8proc_encode_char(composed[static_cast<std::size_t>(i)], reinterpret_cast<utf8proc_uint8_t*>(out));
    return out;
}

}  // namespace

name_part classify(char32_t c) noexcept {
    if ((c >= 0x09 && c <= 0x0D) || c == 0x85) return name_part::white_space;
    switch (property(c).category) {
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
            return name_part::white_space;
        case UTF8PROC_CATEGORY_CC:
            return name_part::control;
        case UTF8PROC_CATEGORY_CN:
            return name_part::unassigned;
        case UTF8PROC_CATEGORY_CF:
            return name_part::dropped;
        default:
            return property(c).ignorable ? name_part::dropped : name_part::kept;
    }
}

bool is_in_syllable(char32_t c) noexcept {
    switch (property(c).category) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
            return true;
        default:
            return is_mark(c) || is_tone_letter(c);
    }
}

result<void> canonicalize_by_rules(std::string_view utf8, name_forms& forms) noexcept {
    const name_writer writer{forms};
    writer.clear();
    if (utf8.size() > name_bytes_max) return errc::name_too_long;
    code_points text;
    if (const auto decoded = decode(utf8, text); !decoded) return decoded;
    // Ordered before the upper case, too: U+0345 is a mark in lower case and a letter in upper case.
    order_marks(text);
    std::ranges::transform(text, text.begin(), exact_letter);

    code_points folded = without_marks(text);
    collapse_spaces(folded);
    if (folded.empty()) return errc::name_empty;
    code_points exact = with_tones_last(text);
    order_marks(exact);
    collapse_spaces(exact);
    writer.finish(compose(exact, writer.exact()), compose(folded, writer.folded()));
    return {};
}

}  // namespace xacthuc::inline v0_1
