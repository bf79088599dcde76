// SPDX-License-Identifier: Apache-2.0
#include "population/spelling.hpp"

#include <cassert>
#include <utility>
#include <vector>

namespace xacthuc::inline v0_1 {
namespace {

constexpr char32_t none = 0;
constexpr char32_t grave = 0x300, acute = 0x301, circumflex = 0x302, tilde = 0x303, breve = 0x306, hook = 0x309,
                   caron = 0x30c, horn = 0x31b, dot_below = 0x323;

// A vowel with the marks that make it another letter, and the five tones on it, in both cases.
struct letter_row {
    char32_t base;
    char32_t mark;
    std::u32string_view lower;
    std::u32string_view upper;
};
constexpr std::array<char32_t, 6> tones{none, grave, hook, tilde, acute, dot_below};
constexpr std::array<letter_row, 17> rows{{{U'a', none, U"aàảãáạ", U"AÀẢÃÁẠ"},
                                           {U'a', breve, U"ăằẳẵắặ", U"ĂẰẲẴẮẶ"},
                                           {U'a', circumflex, U"âầẩẫấậ", U"ÂẦẨẪẤẬ"},
                                           {U'e', none, U"eèẻẽéẹ", U"EÈẺẼÉẸ"},
                                           {U'e', circumflex, U"êềểễếệ", U"ÊỀỂỄẾỆ"},
                                           {U'i', none, U"iìỉĩíị", U"IÌỈĨÍỊ"},
                                           {U'o', none, U"oòỏõóọ", U"OÒỎÕÓỌ"},
                                           {U'o', circumflex, U"ôồổỗốộ", U"ÔỒỔỖỐỘ"},
                                           {U'o', horn, U"ơờởỡớợ", U"ƠỜỞỠỚỢ"},
                                           {U'u', none, U"uùủũúụ", U"UÙỦŨÚỤ"},
                                           {U'u', horn, U"ưừửữứự", U"ƯỪỬỮỨỰ"},
                                           {U'y', none, U"yỳỷỹýỵ", U"YỲỶỸÝỴ"},
                                           {U'e', breve, U"ĕ", U"Ĕ"},
                                           {U'i', breve, U"ĭ", U"Ĭ"},
                                           {U'o', breve, U"ŏ", U"Ŏ"},
                                           {U'u', breve, U"ŭ", U"Ŭ"},
                                           {U'c', caron, U"č", U"Č"}}};

struct letter {
    const letter_row* row = nullptr;  // none for consonants and signs
    std::size_t tone = 0;
    bool upper = false;
    char32_t other = 0;
};

[[nodiscard]] constexpr char32_t raised(char32_t c) noexcept {
    if (c == U'đ') return U'Đ';
    return c >= U'a' && c <= U'z' ? c - 32 : c;
}
[[nodiscard]] constexpr char32_t lowered(char32_t c) noexcept {
    if (c == U'Đ') return U'đ';
    return c >= U'A' && c <= U'Z' ? c + 32 : c;
}

void append_utf8(std::string& text, char32_t c) {
    const auto byte = [&](char32_t value) { text += static_cast<char>(value); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xc0 | c >> 6);
        byte(0x80 | (c & 63));
    } else {
        byte(0xe0 | c >> 12);
        byte(0x80 | (c >> 6 & 63));
        byte(0x80 | (c & 63));
    }
}

[[nodiscard]] std::u32string code_points(std::string_view utf8) {
    std::u32string points;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            points += byte;
        } else if (byte >= 0xe0) {
            points += byte & 15U;
        } else if (byte >= 0xc0) {
            points += byte & 31U;
        } else {
            points.back() = points.back() << 6 | (byte & 63U);
        }
    }
    return points;
}

[[nodiscard]] letter letter_of(char32_t c) {
    for (const auto& row : rows) {
        if (const auto tone = row.lower.find(c); tone != std::u32string_view::npos) return {&row, tone, false, 0};
        if (const auto tone = row.upper.find(c); tone != std::u32string_view::npos) return {&row, tone, true, 0};
    }
    return {nullptr, 0, c != lowered(c), c};
}

using letters = std::vector<letter>;

[[nodiscard]] std::string whole(const letters& word) {
    std::string text;
    for (const auto& l : word) append_utf8(text, l.row ? (l.upper ? l.row->upper : l.row->lower)[l.tone] : l.other);
    return text;
}

[[nodiscard]] letters in_case(letters word, bool upper) {
    for (auto& l : word) {
        l.upper = upper;
        l.other = upper ? raised(l.other) : lowered(l.other);
    }
    return word;
}

[[nodiscard]] letters without_tones(letters word) {
    for (auto& l : word) l.tone = 0;
    return word;
}

// The two styles differ in open syllables in oa, oe and uy only; the u of qu is no vowel.
[[nodiscard]] letters with_other_tone(letters word) {
    if (word.size() < 2) return word;
    auto& first = word[word.size() - 2];
    auto& second = word.back();
    if (!first.row || !second.row || first.row->mark != none || second.row->mark != none) return word;
    const auto pair = std::pair{first.row->base, second.row->base};
    const bool both_styles =
        pair == std::pair{U'o', U'a'} || pair == std::pair{U'o', U'e'} || pair == std::pair{U'u', U'y'};
    const bool after_q = word.size() > 2 && lowered(word[word.size() - 3].other) == U'q';
    if (both_styles && !after_q) std::swap(first.tone, second.tone);
    return word;
}

// Canonical order: horn, then dot below, then the marks above, the letter's own before the tone's.
[[nodiscard]] std::string decomposed(const letters& word) {
    std::string text;
    for (const auto& l : word) {
        if (!l.row) {
            append_utf8(text, l.other);
            continue;
        }
        append_utf8(text, l.upper ? raised(l.row->base) : l.row->base);
        const auto tone = tones[l.tone];
        const bool mark_first = l.row->mark == horn || tone != dot_below;
        for (const auto mark : {mark_first ? l.row->mark : tone, mark_first ? tone : l.row->mark})
            if (mark != none) append_utf8(text, mark);
    }
    return text;
}

[[nodiscard]] std::string combining(const letters& word) {
    std::string text;
    for (const auto& l : word) {
        append_utf8(text, l.row ? (l.upper ? l.row->upper : l.row->lower)[0] : l.other);
        if (l.tone != 0) append_utf8(text, tones[l.tone]);
    }
    return text;
}

[[nodiscard]] std::string typographic(letters word) {
    for (auto& l : word) {
        if (l.other == U'\'') l.other = 0x2019;
        if (l.other == U'-') l.other = 0x2010;
    }
    return whole(word);
}

[[nodiscard]] std::string bare(const letters& word) {
    std::string text;
    for (const auto& l : word) {
        const auto base = l.row ? l.row->base : lowered(l.other) == U'đ' ? U'd' : lowered(l.other);
        assert(base < 0x80);
        append_utf8(text, l.upper ? raised(base) : base);
    }
    return text;
}

}  // namespace

spelled_word spell(std::string_view text) {
    letters word;
    for (const char32_t c : code_points(text)) word.push_back(letter_of(c));
    const auto set = [](spelled_word& into, spelling how, std::string as) {
        into.as[static_cast<std::size_t>(how)] = std::move(as);
    };
    spelled_word made;
    set(made, spelling::plain, std::string{text});
    set(made, spelling::other_tone, whole(with_other_tone(word)));
    set(made, spelling::decomposed, decomposed(word));
    set(made, spelling::combining, combining(word));
    set(made, spelling::lower, whole(in_case(word, false)));
    set(made, spelling::upper, whole(in_case(word, true)));
    set(made, spelling::typographic, typographic(word));
    set(made, spelling::toneless, whole(without_tones(word)));
    set(made, spelling::bare, bare(word));
    set(made, spelling::bare_upper, bare(in_case(word, true)));
    made.toneless_differs = whole(without_tones(word)) != text;
    made.bare_differs = bare(word) != text;
    made.toneless_has_marks = whole(without_tones(word)) != bare(word);
    return made;
}

}  // namespace xacthuc::inline v0_1
