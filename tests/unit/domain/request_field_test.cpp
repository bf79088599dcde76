// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/request_field.hpp>

using namespace xacthuc;

namespace {

constexpr request_field all[] = {request_field::id,
                                 request_field::name,
                                 request_field::name_exact,
                                 request_field::birth_date,
                                 request_field::sex,
                                 request_field::life,
                                 request_field::registration,
                                 request_field::account_level,
                                 request_field::account,
                                 request_field::document,
                                 request_field::province,
                                 request_field::ward,
                                 request_field::document_valid_on,
                                 request_field::born_on_or_before,
                                 request_field::account_level_at_least,
                                 request_field::agency,
                                 request_field::procedure};

}  // namespace

TEST_CASE("every field of a request has a number and a word of its own, and a claim's has the claim's") {
    CHECK(std::size(all) == request_field_count);
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < request_field_count; ++i) {
        CHECK(static_cast<std::size_t>(all[i]) == i);
        CHECK_FALSE(to_string(all[i]).empty());
        CHECK(words.insert(to_string(all[i])).second);
    }
    CHECK(to_string(request_field::ward) == to_string(claim::ward));
    CHECK(to_string(request_field::procedure) == "procedure");
    CHECK(to_string(static_cast<request_field>(request_field_count)).empty());
    CHECK(to_string(static_cast<request_field>(255)).empty());
}

TEST_CASE("each field lands in its own place of the claim set") {
    claim_set claims;
    const auto put = [&](request_field field, std::string_view text) {
        CAPTURE(text);
        CHECK(set_field(field, text, claims).has_value());
    };
    put(request_field::id, "001199000001");
    put(request_field::name, "Nguyễn Thị Hòa");
    put(request_field::birth_date, "08/03/1999");
    put(request_field::sex, "Nữ");
    put(request_field::life, "alive");
    put(request_field::registration, "active");
    put(request_field::account_level, "level_2");
    put(request_field::account, "locked");
    put(request_field::document, "valid");
    put(request_field::province, "01");
    put(request_field::ward, "00004");
    put(request_field::document_valid_on, "2026-01-01");
    put(request_field::born_on_or_before, "2008-01-01");
    put(request_field::account_level_at_least, "level_1");
    put(request_field::agency, "65535");
    put(request_field::procedure, "7");
    CHECK(claims.id.to_string() == "001199000001");
    CHECK(claims.name == "Nguyễn Thị Hòa");
    CHECK_FALSE(claims.name_exact);
    CHECK(claims.birth_date == date::from_parts(1999, 3, 8).value());
    CHECK(claims.sex == sex::female);
    CHECK(claims.life == life_status::alive);
    CHECK(claims.registration == registration_status::active);
    CHECK(claims.account_level == account_level::level_2);
    CHECK(claims.account == account_status::locked);
    CHECK(claims.document == document_status::valid);
    CHECK(claims.province == 1U);
    CHECK(claims.ward == 4U);
    CHECK(claims.document_valid_on == date::from_parts(2026, 1, 1).value());
    CHECK(claims.born_on_or_before == date::from_parts(2008, 1, 1).value());
    CHECK(claims.account_level_at_least == account_level::level_1);
    CHECK(claims.agency == 65535);
    CHECK(claims.procedure == 7);
}

TEST_CASE("empty text states nothing, but a request without an id is none") {
    for (const auto field : all) {
        claim_set claims;
        const auto put = set_field(field, "", claims);
        if (field == request_field::id) {
            CHECK(put == errc::personal_id_length);
        } else {
            CHECK(put.has_value());
        }
        claims.id = personal_id::from_trusted(1);
        const auto key = digest_key::generate();
        CHECK(prepare(claims, key).error() == errc::claims_missing);
    }
}

TEST_CASE("text that is no value of its field is refused with the parser's own error, and changes nothing") {
    struct refusal {
        request_field field;
        std::string_view text;
        errc why;
    };
    const std::vector<refusal> refusals{
        {request_field::id, "00119900000", errc::personal_id_length},
        {request_field::id, "00119900000x", errc::personal_id_digit},
        {request_field::birth_date, "1999-02-29", errc::date_range},
        {request_field::sex, "girl", errc::sex_word},
        {request_field::life, "undead", errc::status_word},
        {request_field::province, "02", errc::province_unknown},
        {request_field::province, "100", errc::province_unknown},
        {request_field::ward, "100000", errc::ward_range},
        {request_field::ward, "-1", errc::ward_range},
        {request_field::agency, "65536", errc::code_range},
        {request_field::procedure, "1 ", errc::code_range},
    };
    for (const auto& each : refusals) {
        CAPTURE(each.text);
        claim_set claims;
        CHECK(set_field(each.field, each.text, claims) == each.why);
        CHECK(claims.id.value() == 0);
        CHECK_FALSE(claims.birth_date.has_value());
        CHECK_FALSE(claims.province.has_value());
        CHECK(claims.agency == 0);
    }
}

TEST_CASE("a name can be claimed at one grade only") {
    claim_set claims;
    CHECK(set_field(request_field::name_exact, "An", claims).has_value());
    CHECK(claims.name_exact);
    CHECK(set_field(request_field::name, "An", claims) == errc::claims_contradict);
    CHECK(set_field(request_field::name, "", claims).has_value());
}

TEST_CASE("an error of prepare() is told of the field that it is about") {
    const auto key = digest_key::generate();
    claim_set claims{.id = personal_id::from_trusted(1)};
    const auto about = [&] { return field_of(prepare(claims, key).error(), claims); };
    CHECK_FALSE(about().has_value());  // claims_missing
    claims.name = " ";
    CHECK(about() == request_field::name);
    claims.name_exact = true;
    CHECK(about() == request_field::name_exact);
    claims.name = "An";
    claims.document_valid_on = date::from_parts(1999, 1, 1).value();
    CHECK(about() == request_field::document_valid_on);
    claims.born_on_or_before = date::from_parts(1999).value();
    CHECK(about() == request_field::born_on_or_before);
    claims.document_valid_on.reset();
    claims.born_on_or_before.reset();
    claims.birth_date = date{};
    CHECK(about() == request_field::birth_date);
    claims.birth_date.reset();
    claims.ward = residence::ward_max + 1;
    CHECK(about() == request_field::ward);
    claims.ward.reset();
    claims.province = residence::province_max + 1;
    CHECK(about() == request_field::province);
    claims.id = personal_id{};
    CHECK(about() == request_field::id);
}

TEST_CASE("a claim that is required and not made is an error of its own, and its field is told") {
    const auto key = digest_key::generate();
    claim_set claims{.id = personal_id::from_trusted(1)};
    const auto required = mask_of(claim::name, claim::birth_date);
    const auto about = [&](claim_mask wanted) {
        return field_of(prepare(claims, key, wanted).error(), claims, wanted);
    };
    CHECK(prepare(claims, key, required).error() == errc::claim_required);
    CHECK(about(required) == request_field::name);
    claims.sex = sex::female;
    CHECK(prepare(claims, key).has_value());
    CHECK(about(required) == request_field::name);
    claims.name = "An";
    CHECK(about(required) == request_field::birth_date);
    claims.born_on_or_before = date::from_parts(2008, 1, 1).value();
    CHECK(about(required) == request_field::birth_date);
    claims.born_on_or_before.reset();
    claims.birth_date = date::from_parts(1999).value();
    CHECK(prepare(claims, key, required).value() == prepare(claims, key).value());
    CHECK(about(mask_of(claim::name_exact)) == request_field::name_exact);
    claims.name_exact = true;
    CHECK(prepare(claims, key, static_cast<claim_mask>(required | mask_of(claim::name_exact))).has_value());
    // What is no claim nobody makes.
    CHECK(prepare(claims, key, 1U << claim_count).error() == errc::claim_required);
    CHECK_FALSE(about(1U << claim_count).has_value());
    // A name that is none is an error of the name.
    claims.name = " ";
    CHECK(prepare(claims, key, required).error() == errc::name_empty);
}
