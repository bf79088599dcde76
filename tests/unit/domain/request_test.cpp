// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/request.hpp>

using namespace xacthuc;

namespace {

[[nodiscard]] digest_key test_key() {
    std::array<std::byte, digest_key_bytes> bytes{};
    bytes.fill(std::byte{0x5a});
    return digest_key::from_bytes(bytes);
}

[[nodiscard]] claim_set about_somebody() {
    claim_set claims;
    claims.id = personal_id::parse("079195012345").value();
    return claims;
}

// The one request word that a claim and nothing else sets, beside the id and the claim bits.
template <class Change>
[[nodiscard]] request with(Change change) {
    auto claims = about_somebody();
    change(claims);
    return prepare(claims, test_key()).value();
}
template <class Change>
[[nodiscard]] boost::system::error_code error_with(Change change) {
    auto claims = about_somebody();
    change(claims);
    const auto prepared = prepare(claims, test_key());
    return prepared ? boost::system::error_code{} : prepared.error();
}

[[nodiscard]] date day(int year, unsigned month, unsigned of_month) {
    return date::from_parts(year, month, of_month).value();
}

}  // namespace

TEST_CASE("the fields of a request's words do not overlap") {
    const auto join = [](std::initializer_list<bit_field> fields) {
        std::uint64_t all = 0;
        for (const auto& field : fields) {
            CHECK((all & field.mask()) == 0);
            all |= field.mask();
        }
        return all;
    };
    using namespace request_layout;
    CHECK(join({id, claims, birth_precision, valid_on_high}) == ~std::uint64_t{0});
    CHECK(join({facts, valid_on_low}) == ~std::uint64_t{0});
    CHECK(join({layout::folded_name, agency, procedure}) == ~std::uint64_t{0});
    CHECK(facts.mask() == (layout::superseded.mask() - 1));
}

TEST_CASE("every claim sets its bit, its field and nothing else") {
    const auto check = [](const request& r, claim kind, bit_field field, std::uint64_t value) {
        CAPTURE(to_string(kind));
        CHECK(r.id() == 79'195'012'345);
        CHECK(r.claims() == mask_of(kind));
        CHECK(r.words[1] == 0);
        CHECK(r.words[2] == field.put(value));
        CHECK(r.words[3] == 0);
    };
    check(with([](claim_set& c) { c.sex = sex::other; }), claim::sex, layout::sex, 3);
    check(with([](claim_set& c) { c.life = life_status::missing; }), claim::life, layout::life, 3);
    check(with([](claim_set& c) { c.registration = registration_status::suspended; }), claim::registration,
          layout::registration, 2);
    check(with([](claim_set& c) { c.account_level = account_level::level_2; }), claim::account_level, layout::level, 3);
    check(with([](claim_set& c) { c.account_level_at_least = account_level::level_1; }), claim::account_level_at_least,
          layout::level, 2);
    check(with([](claim_set& c) { c.account = account_status::revoked; }), claim::account, layout::account, 3);
    check(with([](claim_set& c) { c.document = document_status::held; }), claim::document, layout::document, 7);
    check(with([](claim_set& c) { c.province = 96; }), claim::province, layout::province, 96);
    check(with([](claim_set& c) { c.ward = 99'999; }), claim::ward, layout::ward, 99'999);
    check(with([](claim_set& c) { c.birth_date = day(1995, 8, 3); }), claim::birth_date, layout::birth,
          day(1995, 8, 3).packed());
    check(with([](claim_set& c) { c.born_on_or_before = day(2007, 1, 31); }), claim::born_on_or_before, layout::birth,
          day(2007, 1, 31).packed());
}

TEST_CASE("born on or before the last day of a month is packed as the 31st, so that month precision compares right") {
    const auto packed_day = [](date claimed) {
        return layout::birth_day.get(with([&](claim_set& c) { c.born_on_or_before = claimed; }).words[2]);
    };
    CHECK(packed_day(day(2007, 2, 28)) == 31);
    CHECK(packed_day(day(2008, 2, 28)) == 28);
    CHECK(packed_day(day(2008, 2, 29)) == 31);
    CHECK(packed_day(day(2007, 4, 30)) == 31);
    CHECK(packed_day(day(2007, 4, 29)) == 29);
    CHECK(packed_day(day(2007, 1, 31)) == 31);
    CHECK(packed_day(day(2007, 1, 30)) == 30);
}

TEST_CASE("names are claimed by both digests, at one grade or the other") {
    const auto digests = digest_name("Nguyễn Thị Hòa", test_key()).value();
    for (const bool exact : {false, true}) {
        const auto r = with([&](claim_set& c) {
            c.name = "nguyễn thị hoà";
            c.name_exact = exact;
        });
        CHECK(r.claims() == mask_of(exact ? claim::name_exact : claim::name));
        CHECK(r.words[1] == digests.exact);
        CHECK(r.words[2] == 0);
        CHECK(r.words[3] == digests.folded);
    }
}

TEST_CASE("the birth date carries its precision") {
    using request_layout::birth_precision;
    const auto precision_of = [](date claimed) {
        return birth_precision.get(with([&](claim_set& c) { c.birth_date = claimed; }).words[0]);
    };
    CHECK(precision_of(date::from_parts(1995).value()) == 1);
    CHECK(precision_of(date::from_parts(1995, 8).value()) == 2);
    CHECK(precision_of(day(1995, 8, 3)) == 3);
    CHECK(birth_precision.get(with([](claim_set& c) { c.sex = sex::male; }).words[0]) == 0);
}

TEST_CASE("valid on a day counts in 15 bits, in two places") {
    using namespace request_layout;
    const auto days_of = [](date claimed) {
        const auto r = with([&](claim_set& c) { c.document_valid_on = claimed; });
        CHECK(r.claims() == mask_of(claim::document_valid_on));
        CHECK(facts.get(r.words[2]) == 0);
        return valid_on_high.get(r.words[0]) << 9 | valid_on_low.get(r.words[2]);
    };
    CHECK(days_of(day(2000, 1, 1)) == 1);
    CHECK(days_of(day(2001, 5, 26)) == 512);
    CHECK(days_of(day(2025, 12, 31)) == expiry_days(day(2025, 12, 31)).value());
    CHECK(days_of(day(2089, 9, 16)) == 0x7fff);
}

TEST_CASE("agency and procedure come along") {
    const auto r = with([](claim_set& c) {
        c.sex = sex::male;
        c.agency = 0xffff;
        c.procedure = 4'700;
    });
    CHECK(r.agency() == 0xffff);
    CHECK(r.procedure() == 4'700);
}

TEST_CASE("all claims that go together fit into one request") {
    const auto r = with([](claim_set& c) {
        c.name = "A";
        c.birth_date = day(1995, 8, 3);
        c.sex = sex::female;
        c.life = life_status::alive;
        c.registration = registration_status::active;
        c.account_level = account_level::none;
        c.account = account_status::active;
        c.document = document_status::valid;
        c.province = 1;
        c.ward = 4;
        c.document_valid_on = day(2025, 12, 31);
    });
    CHECK(r.claims() == (all_claims & ~unsigned{mask_of(claim::name_exact, claim::born_on_or_before,
                                                        claim::account_level_at_least)}));
    citizen who;
    who.id = personal_id::from_trusted(r.id());
    who.name = "A";
    who.birth = day(1995, 8, 3);
    who.sex = sex::female;
    who.life = life_status::alive;
    who.registration = registration_status::active;
    who.level = account_level::none;
    who.account = account_status::active;
    who.document = document_status::valid;
    who.residence = {1, 4};
    const auto mirrored = make_record(who, test_key()).value();
    CHECK(request_layout::facts.get(r.words[2]) == request_layout::facts.get(mirrored.words[2]));
    CHECK(r.words[1] == mirrored.words[1]);
    CHECK(layout::folded_name.get(r.words[3]) == layout::folded_name.get(mirrored.words[3]));
}

TEST_CASE("requests that claim nothing, or two things in one place, are refused") {
    CHECK(error_with([](claim_set&) {}) == errc::claims_missing);
    CHECK(error_with([](claim_set& c) { c.name_exact = true; }) == errc::claims_missing);
    CHECK(error_with([](claim_set& c) { c.agency = 1; }) == errc::claims_missing);
    CHECK(error_with([](claim_set& c) {
              c.birth_date = day(1995, 8, 3);
              c.born_on_or_before = day(2007, 1, 1);
          }) == errc::claims_contradict);
    CHECK(error_with([](claim_set& c) {
              c.account_level = account_level::none;
              c.account_level_at_least = account_level::none;
          }) == errc::claims_contradict);
    CHECK(error_with([](claim_set& c) {
              c.id = {};
              c.sex = sex::male;
          }) == errc::personal_id_reserved);
}

TEST_CASE("values out of range are refused") {
    CHECK(error_with([](claim_set& c) { c.sex = sex::unknown; }) == errc::code_range);
    CHECK(error_with([](claim_set& c) { c.sex = static_cast<sex>(4); }) == errc::code_range);
    CHECK(error_with([](claim_set& c) { c.life = life_status::unknown; }) == errc::code_range);
    CHECK(error_with([](claim_set& c) { c.registration = registration_status::unknown; }) == errc::code_range);
    CHECK(error_with([](claim_set& c) { c.account_level = account_level::unknown; }) == errc::code_range);
    CHECK(error_with([](claim_set& c) { c.account_level_at_least = account_level::unknown; }) == errc::code_range);
    CHECK(error_with([](claim_set& c) { c.account = account_status::unknown; }) == errc::code_range);
    CHECK(error_with([](claim_set& c) { c.document = document_status::unknown; }) == errc::code_range);
    CHECK(error_with([](claim_set& c) { c.document = static_cast<document_status>(8); }) == errc::code_range);
    CHECK(error_with([](claim_set& c) { c.province = 0; }) == errc::province_unknown);
    CHECK(error_with([](claim_set& c) { c.province = 100; }) == errc::province_unknown);
    CHECK(error_with([](claim_set& c) { c.ward = 0; }) == errc::ward_range);
    CHECK(error_with([](claim_set& c) { c.ward = 100'000; }) == errc::ward_range);
}

TEST_CASE("dates that say too little are refused") {
    const auto year = date::from_parts(1995).value();
    const auto month = date::from_parts(1995, 8).value();
    CHECK(error_with([](claim_set& c) { c.birth_date = date{}; }).failed());
    for (const auto claimed : {date{}, year, month}) {
        CHECK(error_with([&](claim_set& c) { c.born_on_or_before = claimed; }) == errc::date_range);
        CHECK(error_with([&](claim_set& c) { c.document_valid_on = claimed; }) == errc::date_range);
    }
    CHECK(error_with([](claim_set& c) { c.document_valid_on = day(1999, 12, 31); }) == errc::date_range);
    CHECK(error_with([](claim_set& c) { c.document_valid_on = day(2089, 9, 17); }) == errc::date_range);
    CHECK(error_with([](claim_set& c) { c.document_valid_on = day(2200, 1, 1); }) == errc::date_range);
    CHECK_FALSE(error_with([&](claim_set& c) { c.birth_date = year; }).failed());
}

TEST_CASE("names are refused for their own reasons") {
    CHECK(error_with([](claim_set& c) { c.name = ""; }) == errc::name_empty);
    CHECK(error_with([](claim_set& c) { c.name = "  "; }) == errc::name_empty);
    CHECK(error_with([](claim_set& c) { c.name = "A\xc3"; }) == errc::name_not_utf8);
    CHECK(error_with([](claim_set& c) { c.name = std::string_view{"A\0", 2}; }) == errc::name_control_character);
    const std::string too_long(name_bytes_max + 1, 'A');
    CHECK(error_with([&](claim_set& c) { c.name = too_long; }) == errc::name_too_long);
}
