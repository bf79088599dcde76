// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/request_field.hpp>
#include <xacthuc/domain/word.hpp>

using namespace xacthuc;

namespace {

[[nodiscard]] std::string normalized(const std::string& text, int options) {
    utf8proc_uint8_t* made = nullptr;
    const auto size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &made, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | options));
    REQUIRE(size >= 0);
    std::string out{reinterpret_cast<const char*>(made), static_cast<std::size_t>(size)};
    std::free(made);
    return out;
}

[[nodiscard]] std::string in_case(const std::string& text, bool upper) {
    std::string out;
    auto rest = std::string_view{text};
    while (!rest.empty()) {
        utf8proc_int32_t c = 0;
        const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                                           static_cast<utf8proc_ssize_t>(rest.size()), &c);
        REQUIRE(size > 0);
        rest.remove_prefix(static_cast<std::size_t>(size));
        std::array<utf8proc_uint8_t, 4> bytes{};
        const auto written = utf8proc_encode_char(upper ? utf8proc_toupper(c) : utf8proc_tolower(c), bytes.data());
        out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(written));
    }
    return out;
}

// Every way that a keyboard, a card reader or a spreadsheet has of writing one word.
[[nodiscard]] std::vector<std::string> ways_to_write(const std::string& word) {
    std::vector<std::string> ways;
    for (const auto& cased : {word, in_case(word, false), in_case(word, true)})
        for (const int form : {UTF8PROC_COMPOSE, UTF8PROC_DECOMPOSE})
            for (const auto* before : {"", "\xef\xbb\xbf", " "})
                for (const auto* after : {"", " ", "\u00a0"}) ways.push_back(before + normalized(cased, form) + after);
    return ways;
}

struct known_word {
    std::string word;
    unsigned value;
};

// Through the fields of both a request and a citizen, for all that has such a field.
template <class Value>
void check_list(request_field asked, citizen_field held, const std::vector<known_word>& words, Value value) {
    for (const auto& known : words) {
        for (const auto& text : ways_to_write(known.word)) {
            CAPTURE(text);
            claim_set claims;
            citizen who;
            REQUIRE(set_field(asked, text, claims));
            REQUIRE(set_field(held, text, who));
            CHECK(value(claims) == known.value);
            CHECK(value(who) == known.value);
        }
    }
}

const std::vector<known_word> sexes{{"nam", 1},    {"male", 1}, {"m", 1},    {"nữ", 2},    {"nu", 2}, {"f", 2},
                                    {"Female", 2}, {"khác", 3}, {"khac", 3}, {"other", 3}, {"x", 3}};

template <class Enum>
[[nodiscard]] std::vector<known_word> words_of(unsigned values) {
    std::vector<known_word> all;
    for (unsigned value = 1; value < values; ++value)
        all.push_back({std::string{to_string(static_cast<Enum>(value))}, value});
    return all;
}

// Of a claim set or of a citizen.
template <class Status>
[[nodiscard]] unsigned number(const std::optional<Status>& status) {
    return static_cast<unsigned>(status.value());
}
template <class Status>
[[nodiscard]] unsigned number(const Status& status) {
    return static_cast<unsigned>(status);
}

}  // namespace

TEST_CASE("every word of every list is read in any case, composed or not, with a byte order mark and white space") {
    check_list(request_field::sex, citizen_field::sex, sexes, [](const auto& of) { return number(of.sex); });
    check_list(request_field::life, citizen_field::life, words_of<life_status>(4),
               [](const auto& of) { return number(of.life); });
    check_list(request_field::registration, citizen_field::registration, words_of<registration_status>(4),
               [](const auto& of) { return number(of.registration); });
    check_list(request_field::account, citizen_field::account, words_of<account_status>(4),
               [](const auto& of) { return number(of.account); });
    check_list(request_field::document, citizen_field::document, words_of<document_status>(8),
               [](const auto& of) { return number(of.document); });
    for (const auto& known : words_of<account_level>(4))
        for (const auto& text : ways_to_write(known.word)) {
            claim_set claims;
            citizen who;
            REQUIRE(set_field(request_field::account_level, text, claims));
            REQUIRE(set_field(request_field::account_level_at_least, text, claims));
            REQUIRE(set_field(citizen_field::account_level, text, who));
            CHECK(number(claims.account_level) == known.value);
            CHECK(number(claims.account_level_at_least) == known.value);
            CHECK(number(who.level) == known.value);
        }
}

TEST_CASE("yes, no and for life likewise") {
    for (const std::string word : {"1", "true", "yes", "có", "co"})
        for (const auto& text : ways_to_write(word)) CHECK(parse_yes_no(text).value());
    for (const std::string word : {"0", "false", "no", "không", "khong"})
        for (const auto& text : ways_to_write(word)) CHECK_FALSE(parse_yes_no(text).value());
    for (const std::string word : {"lifelong", "Không thời hạn", "Khong thoi han"})
        for (const auto& text : ways_to_write(word)) {
            citizen who;
            REQUIRE(set_field(citizen_field::document_expiry, text, who));
            CHECK(who.document_lifelong);
        }
}

TEST_CASE("a word with other marks is another word") {
    for (const std::string word : {"nứ", "nụ", "nư", "nũ", "khạc", "nàm"})
        for (const auto& text : ways_to_write(word)) CHECK(parse_sex(text).error() == errc::sex_word);
    for (const std::string word : {"cò", "cọ", "khống", "khộng"})
        for (const auto& text : ways_to_write(word)) CHECK(parse_yes_no(text).error() == errc::status_word);
}

TEST_CASE("the lists hold exact forms") {
    CHECK(exact_form("nữ").value() == "N\u01af\u02dc");
    CHECK(exact_form("khác").value() == "KHAC\u02ca");
    CHECK(exact_form("có").value() == "CO\u02ca");
    CHECK(exact_form("không thời hạn").value() == "KH\u00d4NG TH\u01a0I\u02cb HAN\u02cc");
}

TEST_CASE("what is no word is none, however long or broken it is") {
    const std::array<std::string_view, 2> words{"", "yes"};
    CHECK(find_word(words, "") == 0);
    for (const auto* text : {" ", "\xef\xbb\xbf", "\xff", "yes\x01", "yesyes", "ye", "y e s"})
        CHECK(find_word(words, text) == 2);
    CHECK(find_word(words, std::string(100'000, 'y')) == 2);
    CHECK(find_word({}, "yes") == 0);
}
