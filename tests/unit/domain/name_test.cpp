// SPDX-License-Identifier: Apache-2.0
// Canonical names: every example of docs/names.md, every Vietnamese syllable, what is refused, and the digests.
#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>
#include <xacthuc/domain/name.hpp>

#include "domain/name_digest.hpp"
#include "name_properties.hpp"

using namespace xacthuc;
using namespace xacthuc::test;

namespace {

// The cells of a row of a Markdown table whose cells are all code, `\u{…}` resolved; none for other lines.
[[nodiscard]] std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells;
    while (line.starts_with("| `")) {
        line.remove_prefix(3);
        const auto end = line.find("` |");
        if (end == std::string_view::npos) return {};
        std::string cell;
        for (std::string_view text = line.substr(0, end); !text.empty();) {
            if (text.starts_with("\\u{")) {
                const auto close = text.find('}');
                cell += encode(static_cast<char32_t>(std::stoul(std::string{text.substr(3, close - 3)}, nullptr, 16)));
                text.remove_prefix(close + 1);
            } else {
                cell.push_back(text.front());
                text.remove_prefix(1);
            }
        }
        cells.push_back(std::move(cell));
        line.remove_prefix(end + 2);
    }
    return line == "|" ? cells : std::vector<std::string>{};
}

[[nodiscard]] errc errc_named(const std::string& name) {
    static const std::map<std::string, errc> names{{"name_empty", errc::name_empty},
                                                   {"name_too_long", errc::name_too_long},
                                                   {"name_not_utf8", errc::name_not_utf8},
                                                   {"name_control_character", errc::name_control_character},
                                                   {"name_unassigned_character", errc::name_unassigned_character}};
    return names.at(name);
}

[[nodiscard]] digest_key counting_key() {
    std::array<std::byte, digest_key_bytes> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
    return digest_key::from_bytes(bytes);
}

constexpr std::array<std::string_view, 29> onsets{"",   "b",  "c", "ch", "d",  "đ",  "g",   "gh", "gi", "h",
                                                  "k",  "kh", "l", "m",  "n",  "ng", "ngh", "nh", "p",  "ph",
                                                  "qu", "r",  "s", "t",  "th", "tr", "v",   "x",  "qh"};
constexpr std::array<std::string_view, 157> rimes{
    "a",   "ac",   "ach", "ai",   "am",   "an",   "ang", "anh",  "ao",   "ap",   "at",   "au",   "ay",   "ă",    "ăc",
    "ăm",  "ăn",   "ăng", "ăp",   "ăt",   "âc",   "âm",  "ân",   "âng",  "âp",   "ât",   "âu",   "ây",   "e",    "ec",
    "em",  "en",   "eng", "eo",   "ep",   "et",   "ê",   "êch",  "êm",   "ên",   "ênh",  "êp",   "êt",   "êu",   "i",
    "ia",  "ich",  "iêc", "iêm",  "iên",  "iêng", "iêp", "iêt",  "iêu",  "im",   "in",   "inh",  "ip",   "it",   "iu",
    "o",   "oa",   "oac", "oach", "oai",  "oam",  "oan", "oang", "oanh", "oao",  "oap",  "oat",  "oay",  "oăc",  "oăm",
    "oăn", "oăng", "oăt", "oc",   "oe",   "oen",  "oeo", "oet",  "oi",   "om",   "on",   "ong",  "ooc",  "oong", "op",
    "ot",  "ô",    "ôc",  "ôi",   "ôm",   "ôn",   "ông", "ôp",   "ôt",   "ơ",    "ơi",   "ơm",   "ơn",   "ơp",   "ơt",
    "u",   "ua",   "uân", "uâng", "uât",  "uây",  "uc",  "uê",   "uêch", "uênh", "ui",   "um",   "un",   "ung",  "uơ",
    "uôc", "uôi",  "uôm", "uôn",  "uông", "uôt",  "up",  "ut",   "uy",   "uya",  "uych", "uyên", "uyêt", "uynh", "uyt",
    "uyu", "ư",    "ưa",  "ưc",   "ưi",   "ưng",  "ươc", "ươi",  "ươm",  "ươn",  "ương", "ươp",  "ươt",  "ươu",  "ưt",
    "ưu",  "y",    "yêm", "yên",  "yêng", "yêt",  "yêu"};
constexpr std::u32string_view tone_marks = U"\u0300\u0301\u0309\u0303\u0323";

[[nodiscard]] bool is_vowel(char32_t c) {
    return std::u32string_view{U"aăâeêioôơuưy"}.find(c) != std::string_view::npos;
}

// The syllable with the tone typed on the vowel at this place, if there is a vowel.
[[nodiscard]] std::string with_tone(std::u32string syllable, std::size_t at, char32_t mark) {
    syllable.insert(at + 1, 1, mark);
    return nfc(encode(syllable));
}

// The same syllable with the tone between the vowel and its own mark, as some keyboards send it.
[[nodiscard]] std::string tone_first(std::u32string syllable, std::size_t at, char32_t mark) {
    const auto letter = *decode(nfd(encode(syllable[at])));
    syllable.replace(at, 1, letter.substr(0, 1) + mark + letter.substr(1));
    return encode(syllable);
}

void check_spellings(std::string_view exact, const std::u32string& syllable, std::size_t at, char32_t mark) {
    const std::string composed = with_tone(syllable, at, mark);
    for (const std::string& spelling : {composed, nfd(composed), tone_first(syllable, at, mark),
                                        upper(*decode(composed)), upper(*decode(nfd(composed)))})
        if (exact_form(spelling).value() != exact) FAIL_CHECK(spelling << " is not " << exact);
}

}  // namespace

TEST_CASE("every example of docs/names.md") {
    std::ifstream file{XACTHUC_DOCS "/names.md"};
    REQUIRE(file);
    std::size_t forms = 0;
    std::size_t errors = 0;
    for (std::string line; std::getline(file, line);) {
        const auto cells = cells_of(line);
        if (cells.empty()) continue;
        CAPTURE(line);
        if (cells.size() == 3) {
            ++forms;
            CHECK(exact_form(cells[0]).value() == nfc(cells[1]));
            CHECK(folded_form(cells[0]).value() == nfc(cells[2]));
            CHECK(broken_property(cells[0]) == nullptr);
        } else {
            ++errors;
            REQUIRE(cells.size() == 2);
            CHECK(exact_form(cells[0]).error() == errc_named(cells[1]));
            CHECK(digest_name(cells[0], counting_key()).error() == errc_named(cells[1]));
        }
    }
    CHECK(forms >= 60);
    CHECK(errors >= 12);
}

TEST_CASE("a Vietnamese syllable has one exact form wherever its tone is typed, and no other syllable has it") {
    std::map<std::string, std::string> spelling_of;
    const auto check_unique = [&spelling_of](const std::string& exact, const std::string& spelling) {
        const auto [at, added] = spelling_of.emplace(exact, spelling);
        if (!added && at->second != spelling) FAIL_CHECK(spelling << " and " << at->second << " are both " << exact);
    };
    for (const auto onset : onsets)
        for (const auto rime : rimes) {
            const std::string plain = std::string{onset} + std::string{rime};
            const std::u32string syllable = *decode(plain);
            const std::string level = exact_form(plain).value();
            const std::string folded = folded_form(plain).value();
            check_unique(level, plain);
            CHECK(level == upper(syllable));
            for (std::size_t tone = 0; tone < tones.size(); ++tone) {
                const std::string exact = level + encode(tones[tone].letter);
                check_unique(exact, plain + std::to_string(tone));
                for (std::size_t at = decode(onset)->size(); at < syllable.size(); ++at)
                    if (is_vowel(syllable[at])) {
                        check_spellings(exact, syllable, at, tone_marks[tone]);
                        if (folded_form(with_tone(syllable, at, tone_marks[tone])).value() != folded)
                            FAIL_CHECK(plain << " folds otherwise with tone " << tone);
                    }
            }
        }
    CHECK(spelling_of.size() > 20'000);
}

TEST_CASE("i and y are never merged") {
    const std::array<std::array<std::string_view, 2>, 5> pairs{
        {{"Lý", "Lí"}, {"Mỹ", "Mĩ"}, {"Thuý", "Thúi"}, {"Y", "I"}, {"Quỳ", "Quì"}}};
    for (const auto& [with_y, with_i] : pairs) {
        CHECK(exact_form(with_y).value() != exact_form(with_i).value());
        CHECK(folded_form(with_y).value() != folded_form(with_i).value());
        CHECK(digest_name(with_y, counting_key()).value().exact != digest_name(with_i, counting_key()).value().exact);
        CHECK(digest_name(with_y, counting_key()).value().folded != digest_name(with_i, counting_key()).value().folded);
    }
}

TEST_CASE("tones, vowel marks and đ tell names apart in the exact form only") {
    const std::array<std::string_view, 8> names{"Dung", "Dũng", "Dụng", "Đung", "Đũng", "Dưng", "Dừng", "Đừng"};
    for (const auto a : names)
        for (const auto b : names) {
            CHECK((exact_form(a).value() == exact_form(b).value()) == (a == b));
            CHECK(folded_form(a).value() == folded_form(b).value());
        }
}

TEST_CASE("invalid UTF-8 of every kind is refused, at any place in a name") {
    const std::array<std::string_view, 22> broken{
        "\x80",              // trail without lead
        "\xBF",              //
        "\xC0\x80",          // overlong NUL
        "\xC1\xBF",          // overlong, two bytes
        "\xE0\x80\x80",      // overlong, three bytes
        "\xE0\x9F\xBF",      //
        "\xF0\x80\x80\x80",  // overlong, four bytes
        "\xF0\x8F\xBF\xBF",  //
        "\xED\xA0\x80",      // surrogates
        "\xED\xBF\xBF",      //
        "\xED\xA0\xBD\xED\xB8\x80",
        "\xF4\x90\x80\x80",  // above U+10FFFF
        "\xF5\x80\x80\x80",  //
        "\xF8\x88\x80\x80\x80",
        "\xFC\x84\x80\x80\x80\x80",
        "\xFE",
        "\xFF",
        "\xC3",          // cut short
        "\xE1\xBB",      //
        "\xE1",          //
        "\xF0\x9F\x98",  //
        "\xE1\xBB\xC3\xA0",
    };
    for (const auto bytes : broken)
        for (const std::string_view before : {"", "A", "hoà ", "αβ "})
            for (const std::string_view after : {"", "n", " hoà"}) {
                const std::string name = std::string{before} + std::string{bytes} + std::string{after};
                CAPTURE(name);
                CHECK(exact_form(name).error() == errc::name_not_utf8);
                CHECK(folded_form(name).error() == errc::name_not_utf8);
                CHECK(digest_name(name, counting_key()).error() == errc::name_not_utf8);
            }
}

TEST_CASE("every cut of a name inside a character is refused") {
    const std::string name = "Nguyễn Đặng Hoà 😀";
    for (std::size_t size = 1; size < name.size(); ++size) {
        const bool inside = (static_cast<unsigned char>(name[size]) & 0xC0) == 0x80;
        CHECK(exact_form(name.substr(0, size)).has_value() != inside);
    }
}

TEST_CASE("the longest name is accepted and one byte more refused") {
    const std::string longest(name_bytes_max, 'a');
    CHECK(exact_form(longest).value() == std::string(name_bytes_max, 'A'));
    CHECK(exact_form(longest + "a").error() == errc::name_too_long);
    CHECK(exact_form(longest + "\xFF").error() == errc::name_too_long);
    CHECK(exact_form(longest + " ").error() == errc::name_too_long);
}

TEST_CASE("the longest forms of the longest names fit") {
    // Of all characters ΐ grows most, and à most of those with a tone, one to a syllable.
    for (const std::string_view grown : {"ΐ", "à ", "ậ ", "ß", "\U0001D160", "ǖ", "ἂ", "각", "Ĳ"}) {
        std::string name;
        while (name.size() + grown.size() <= name_bytes_max) name += grown;
        CAPTURE(name);
        CHECK(exact_form(name).value().size() <= name_form_bytes_max);
        CHECK(broken_property(name) == nullptr);
    }
}

TEST_CASE("name_forms can be used again, also after an error") {
    name_forms forms;
    REQUIRE(canonicalize("Hoà", forms));
    CHECK(forms.exact() == "HOAˋ");
    CHECK(canonicalize("\xFF", forms).error() == errc::name_not_utf8);
    CHECK(forms.exact().empty());
    CHECK(forms.folded().empty());
    REQUIRE(canonicalize("Y", forms));
    CHECK(forms.exact() == "Y");
    CHECK(forms.folded() == "Y");
}

TEST_CASE("digests are SipHash-2-4 of the forms") {
    const digest_key key = counting_key();
    const auto digests = digest_name("Nguyễn Thị Minh Hòa", key).value();
    CHECK(digests.exact == key.hash("NGUYÊN˜ THIˌ MINH HOAˋ"));
    CHECK(digests.folded == static_cast<std::uint32_t>(key.hash("NGUYEN THI MINH HOA")));
    CHECK(digests == digest_name("nguyễn thị minh hoà", key).value());
    CHECK(digests != digest_name("Nguyễn Thị Minh Hòa", digest_key::generate()).value());
}

TEST_CASE("a name without marks shows it by its digests, and one with marks too") {
    const digest_key key = counting_key();
    const auto has_none = [&](std::string_view name) {
        const auto digests = digest_name(name, key).value();
        return static_cast<std::uint32_t>(digests.exact) == digests.folded;
    };
    for (const auto* name : {"AN", "nguyen thi minh hoa", "H'Bia-Nie 2", "O\u2019Brien", "김 각", "Петр", "ﬁ"})
        CHECK(has_none(name));
    for (const auto* name : {"Án", "Đan", "Strauß", "Łodz", "Muñoz", "Œuvre", "Ό", "Пётр"}) CHECK_FALSE(has_none(name));
}

TEST_CASE("digests stay what they were, for they are kept on disk") {
    const auto digests = digest_name("Nguyễn Thị Minh Hòa", counting_key()).value();
    CHECK(digests.exact == 0x88c4704c5cc346bd);
    CHECK(digests.folded == 0x99e4fb2b);
}

TEST_CASE("a digest whose low half comes out as 0 has 1 in it, in both forms, for 0 is no data") {
    CHECK(name_digest_of(0) == 1);
    CHECK(name_digest_of(0xabcd'0123'0000'0000) == 0xabcd'0123'0000'0001);
    CHECK(name_digest_of(0xabcd'0123'0000'0001) == 0xabcd'0123'0000'0001);
    CHECK(name_digest_of(0x0000'0000'8000'0000) == 0x8000'0000);
}

TEST_CASE("first use by many threads at once") {
    std::vector<std::jthread> threads;
    std::array<name_digests, 8> digests{};
    for (auto& digest : digests)
        threads.emplace_back([&digest] { digest = digest_name("Đỗ Thị Thuỷ", counting_key()).value(); });
    threads.clear();
    for (const auto& digest : digests) CHECK(digest == digests[0]);
}
