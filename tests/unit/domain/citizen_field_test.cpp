// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>
#include <xacthuc/domain/citizen_field.hpp>

using namespace xacthuc;

TEST_CASE("every field of a citizen has a word of its own") {
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < citizen_field_count; ++i) {
        const auto word = to_string(static_cast<citizen_field>(i));
        CHECK_FALSE(word.empty());
        CHECK(words.insert(word).second);
    }
    CHECK(to_string(citizen_field::superseded) == "superseded");
    CHECK(to_string(static_cast<citizen_field>(citizen_field_count)).empty());
}

TEST_CASE("each field lands in its own place of the citizen") {
    citizen who;
    const auto put = [&](citizen_field field, std::string_view text) {
        CAPTURE(text);
        CHECK(set_field(field, text, who).has_value());
    };
    put(citizen_field::id, "001199000001");
    put(citizen_field::name, "Nguyễn Thị Hòa");
    put(citizen_field::birth_date, "00/00/1999");
    put(citizen_field::sex, "F");
    put(citizen_field::life, "missing");
    put(citizen_field::registration, "suspended");
    put(citizen_field::account_level, "level_1");
    put(citizen_field::account, "revoked");
    put(citizen_field::document, "held");
    put(citizen_field::document_expiry, "2030-05-06");
    put(citizen_field::province, "79");
    put(citizen_field::ward, "26734");
    put(citizen_field::superseded, "có");
    CHECK(who.id.to_string() == "001199000001");
    CHECK(who.name == "Nguyễn Thị Hòa");
    CHECK(who.birth == date::from_parts(1999).value());
    CHECK(who.sex == sex::female);
    CHECK(who.life == life_status::missing);
    CHECK(who.registration == registration_status::suspended);
    CHECK(who.level == account_level::level_1);
    CHECK(who.account == account_status::revoked);
    CHECK(who.document == document_status::held);
    CHECK(who.document_expiry == date::from_parts(2030, 5, 6).value());
    CHECK_FALSE(who.document_lifelong);
    CHECK(who.residence.province == 79);
    CHECK(who.residence.ward == 26734);
    CHECK(who.superseded);
}

TEST_CASE("a card without expiry says so in English or as cards have it") {
    for (const std::string_view text : {"lifelong", "LIFELONG", "Không thời hạn", "KHONG THOI HAN"}) {
        CAPTURE(text);
        citizen who;
        who.document_expiry = date::from_parts(2030, 5, 6).value();
        CHECK(set_field(citizen_field::document_expiry, text, who).has_value());
        CHECK(who.document_lifelong);
        CHECK(who.document_expiry == date{});
    }
    citizen who;
    CHECK(set_field(citizen_field::document_expiry, "for ever", who) == errc::date_syntax);
    CHECK(set_field(citizen_field::document_expiry, std::string(1000, 'x'), who) == errc::date_syntax);
    CHECK_FALSE(who.document_lifelong);
}

TEST_CASE("empty text is unknown, but a citizen without an id is none") {
    citizen who;
    who.birth = date::from_parts(1999).value();
    who.superseded = true;
    for (std::size_t i = 1; i < citizen_field_count; ++i)
        CHECK(set_field(static_cast<citizen_field>(i), "", who).has_value());
    CHECK(who.birth == date{});
    CHECK_FALSE(who.superseded);
    CHECK(set_field(citizen_field::id, "", who) == errc::personal_id_length);
}

TEST_CASE("yes and no are read in two languages, and nothing else is") {
    for (const std::string_view yes : {"1", "true", "YES", "có", "CO"}) CHECK(parse_yes_no(yes).value());
    for (const std::string_view no : {"", "0", "false", "No", "không", "KHONG"}) CHECK_FALSE(parse_yes_no(no).value());
    for (const std::string_view other : {"2", "y", "\xff", "yes yes"}) CHECK(parse_yes_no(other) == errc::status_word);
}

TEST_CASE("a code of residence is of a province that is there") {
    CHECK(parse_province("01").value() == 1);
    CHECK(parse_province("").value() == 0);
    CHECK(parse_province("02") == errc::province_unknown);
    CHECK(parse_province("99999999999") == errc::province_unknown);
    CHECK(parse_province("+1") == errc::province_unknown);
}
