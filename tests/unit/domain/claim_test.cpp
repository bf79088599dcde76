// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <xacthuc/domain/claim.hpp>

using namespace xacthuc;

TEST_CASE("every claim has a bit, a number and a word of its own") {
    std::set<std::string_view> words;
    unsigned all = 0;
    for (unsigned number = 0; number < claim_count; ++number) {
        const auto kind = static_cast<claim>(number);
        CHECK(mask_of(kind) == 1U << number);
        all |= mask_of(kind);
        CHECK_FALSE(to_string(kind).empty());
        CHECK(words.insert(to_string(kind)).second);
    }
    CHECK(all == all_claims);
    CHECK(to_string(static_cast<claim>(claim_count)).empty());
    CHECK(to_string(static_cast<claim>(255)).empty());
    CHECK(mask_of(claim::name, claim::ward) == (1U | 1U << 10));
}

TEST_CASE("words and numbers are the stable ones") {
    CHECK(to_string(claim::name) == "name");
    CHECK(to_string(claim::name_exact) == "name_exact");
    CHECK(to_string(claim::birth_date) == "birth_date");
    CHECK(to_string(claim::document_valid_on) == "document_valid_on");
    CHECK(to_string(claim::account_level_at_least) == "account_level_at_least");
    CHECK(static_cast<int>(claim::birth_date) == 2);
    CHECK(static_cast<int>(claim::ward) == 10);
    CHECK(static_cast<int>(claim::account_level_at_least) == 13);
}

TEST_CASE("status claims are those that a state of the record explains") {
    CHECK(status_claims == mask_of(claim::life, claim::registration, claim::account_level,
                                   claim::account_level_at_least, claim::account));
    CHECK((status_claims & mask_of(claim::name, claim::birth_date, claim::sex, claim::document, claim::ward)) == 0);
}

TEST_CASE("the text of a card's QR code gives the claims printed on it") {
    const auto card =
        parse_card_text("079195012345|012345678|Nguyễn Thị Hòa|03081995|Nữ|12 Lê Lợi, Bến Nghé, Quận 1|15042021");
    REQUIRE(card.has_value());
    CHECK(card->claims.id.to_string() == "079195012345");
    CHECK(card->claims.name.value() == "Nguyễn Thị Hòa");
    CHECK_FALSE(card->claims.name_exact);
    CHECK(card->claims.birth_date.value() == date::from_parts(1995, 8, 3).value());
    CHECK(card->claims.sex.value() == sex::female);
    CHECK_FALSE(card->claims.province.has_value());
    CHECK_FALSE(card->claims.life.has_value());
    CHECK(card->old_number == "012345678");
    CHECK(card->address == "12 Lê Lợi, Bến Nghé, Quận 1");
    CHECK(card->issued == date::from_parts(2021, 4, 15).value());
}

TEST_CASE("an empty old number, unknown parts of the birth date, and fields beyond the seventh are fine") {
    const auto card = parse_card_text("001090000001||A|00001950|Nam||15042021|Con của ai|đó|");
    REQUIRE(card.has_value());
    CHECK(card->old_number.empty());
    CHECK(card->address.empty());
    CHECK(card->claims.birth_date.value() == date::from_parts(1950).value());
    CHECK(card->issued == date::from_parts(2021, 4, 15).value());
}

TEST_CASE("what a card does not say is not claimed") {
    const auto card = parse_card_text("001090000001||A||||");
    REQUIRE(card.has_value());
    CHECK_FALSE(card->claims.birth_date.has_value());
    CHECK_FALSE(card->claims.sex.has_value());
    CHECK(card->issued == date{});
}

TEST_CASE("fewer than seven fields are refused, whatever is in them") {
    std::string text;
    for (int bars = 0; bars < 6; ++bars, text += '|') CHECK(parse_card_text(text).error() == errc::qr_fields);
    CHECK(parse_card_text(text).error() == errc::personal_id_length);
    CHECK(parse_card_text("001090000001||A|03081995|Nam|12 Lê Lợi").error() == errc::qr_fields);
}

TEST_CASE("a field that cannot be read is an error of that field") {
    CHECK(parse_card_text("00109000000||A|03081995|Nam||15042021").error() == errc::personal_id_length);
    CHECK(parse_card_text("00109000000x||A|03081995|Nam||15042021").error() == errc::personal_id_digit);
    CHECK(parse_card_text("000000000000||A|03081995|Nam||15042021").error() == errc::personal_id_reserved);
    CHECK(parse_card_text("001090000001|||03081995|Nam||15042021").error() == errc::name_empty);
    CHECK(parse_card_text("001090000001||A|31021995|Nam||15042021").error() == errc::date_range);
    CHECK(parse_card_text("001090000001||A|3081995|Nam||15042021").error() == errc::date_syntax);
    CHECK(parse_card_text("001090000001||A|03081995|Man||15042021").error() == errc::sex_word);
    CHECK(parse_card_text("001090000001||A|03081995|Nam||15132021").error() == errc::date_range);
}

TEST_CASE("every claim is made by its own field") {
    claim_set of;
    CHECK(made_claims(of) == 0);
    of.name_exact = true;
    CHECK(made_claims(of) == 0);
    of.name = "An";
    CHECK(made_claims(of) == mask_of(claim::name_exact));
    of.name_exact = false;
    CHECK(made_claims(of) == mask_of(claim::name));
    of.birth_date = date::from_parts(1999).value();
    of.sex = sex::male;
    of.life = life_status::alive;
    of.registration = registration_status::active;
    of.account_level = account_level::level_1;
    of.account = account_status::active;
    of.document = document_status::valid;
    of.province = 1;
    of.ward = 4;
    of.document_valid_on = date::from_parts(2026, 1, 1).value();
    of.born_on_or_before = date::from_parts(2008, 1, 1).value();
    of.account_level_at_least = account_level::level_1;
    CHECK(made_claims(of) == (all_claims & ~mask_of(claim::name_exact)));
}

TEST_CASE("claims that are missing of those required; a name with every diacritic demanded is a name") {
    CHECK(missing_claims(0, 0) == 0);
    CHECK(missing_claims(all_claims, all_claims) == 0);
    CHECK(missing_claims(mask_of(claim::sex), mask_of(claim::name, claim::sex)) == mask_of(claim::name));
    CHECK(missing_claims(mask_of(claim::name_exact), mask_of(claim::name)) == 0);
    CHECK(missing_claims(mask_of(claim::name), mask_of(claim::name_exact)) == mask_of(claim::name_exact));
    CHECK(missing_claims(mask_of(claim::born_on_or_before), mask_of(claim::birth_date)) == mask_of(claim::birth_date));
}

TEST_CASE("claims are known by their words") {
    for (unsigned kind = 0; kind < claim_count; ++kind) {
        const auto which = static_cast<claim>(kind);
        CHECK(parse_claim(to_string(which)) == which);
    }
    CHECK(parse_claim(" Birth_Date ") == claim::birth_date);
    for (const auto* text : {"", "id", "agency", "names"}) CHECK_FALSE(parse_claim(text));
}
