// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cctype>
#include <string>
#include <xacthuc/domain/status.hpp>

using namespace xacthuc;

namespace {

[[nodiscard]] std::string capitals(std::string_view word) {
    std::string text;
    for (const char c : word) text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

// Every value of an enum has a word of its own that is parsed back in any case; what is no word is refused.
template <class Enum, class Parse>
void check_words(Parse parse, unsigned values, errc otherwise) {
    CHECK(to_string(Enum{}).empty());
    CHECK(parse("").value() == Enum{});
    for (unsigned value = 1; value < values; ++value) {
        const auto word = to_string(static_cast<Enum>(value));
        CAPTURE(word);
        CHECK_FALSE(word.empty());
        CHECK(parse(word).value() == static_cast<Enum>(value));
        CHECK(parse(capitals(word)).value() == static_cast<Enum>(value));
        CHECK(parse(std::string{word} + "s").error() == otherwise);
        CHECK(parse(word.substr(1)).error() == otherwise);
    }
    CHECK(to_string(static_cast<Enum>(values)).empty());
    CHECK(to_string(static_cast<Enum>(255)).empty());
    for (const auto* text : {"unknown", "0", "1", " ", "alive!", "AL IVE", "\xff"})
        CHECK(parse(text).error() == otherwise);
}

}  // namespace

TEST_CASE("words of every status go both ways") {
    check_words<sex>(parse_sex, 4, errc::sex_word);
    check_words<life_status>(parse_life_status, 4, errc::status_word);
    check_words<registration_status>(parse_registration_status, 4, errc::status_word);
    check_words<account_level>(parse_account_level, 4, errc::status_word);
    check_words<account_status>(parse_account_status, 4, errc::status_word);
    check_words<document_status>(parse_document_status, 8, errc::status_word);
}

TEST_CASE("the words are the stable ones") {
    CHECK(to_string(sex::female) == "female");
    CHECK(to_string(life_status::missing) == "missing");
    CHECK(to_string(registration_status::cancelled) == "cancelled");
    CHECK(to_string(account_level::level_2) == "level_2");
    CHECK(to_string(account_level::none) == "none");
    CHECK(to_string(account_status::locked) == "locked");
    CHECK(to_string(document_status::held) == "held");
}

TEST_CASE("a word of one status is none of another") {
    CHECK(parse_life_status("locked").error() == errc::status_word);
    CHECK(parse_account_status("alive").error() == errc::status_word);
    CHECK(parse_document_status("active").error() == errc::status_word);
}

TEST_CASE("sex as Vietnamese papers and passports write it") {
    for (const auto* text : {"Nam", "nam", "NAM", "M", "m", "male", "Male"})
        CHECK(parse_sex(text).value() == sex::male);
    for (const auto* text :
         {"Nữ", "nữ", "NỮ", "nỮ", "Nu", "NU", "F", "f", "Female", "Nu\u031b\u0303", "NU\u031b\u0303", "n\u01b0\u0303"})
        CHECK(parse_sex(text).value() == sex::female);
    for (const auto* text : {"Khác", "khác", "X", "x", "other", "Kha\u0301c", "KHÁC", "KHA\u0301C", "Khac"})
        CHECK(parse_sex(text).value() == sex::other);
    for (const auto* text : {"N", "Nứ", "Nừ", "Na m", "nan", "w", "kh", "Khạc", "không"}) {
        CAPTURE(text);
        CHECK(parse_sex(text).error() == errc::sex_word);
    }
}
