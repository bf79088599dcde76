// SPDX-License-Identifier: Apache-2.0
// Rules: which of two is the narrower, and that a narrower one permits nothing that the wider does not.
#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

#include "unit/policy/random_rule.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

TEST_CASE("the narrower of rules does not depend on their order, nor on being asked twice") {
    random_rules of{1};
    for (int round = 0; round < 20'000; ++round) {
        const auto a = of.next();
        const auto b = of.next();
        const auto c = of.next();
        REQUIRE(meet(a, b) == meet(b, a));
        REQUIRE(meet(meet(a, b), c) == meet(a, meet(b, c)));
        REQUIRE(meet(a, a) == a);
        REQUIRE(meet(a, widest_rule) == a);
        REQUIRE(narrower(meet(a, b), a));
        REQUIRE(narrower(meet(a, b), b));
        REQUIRE(narrower(a, b) == (meet(a, b) == a));
    }
}

TEST_CASE("a rule is narrower than another exactly where each of its fields is") {
    random_rules of{2};
    for (int round = 0; round < 20'000; ++round) {
        const auto a = of.next();
        const auto b = round % 2 == 0 ? of.next() : of.narrowed(a);
        bool all = a.refusal >= b.refusal;
        for (const auto field : all_rule_fields()) {
            all = all && narrower_in(field, a, b);
            REQUIRE(with_field(a, field, a) == a);
        }
        REQUIRE(narrower(a, b) == all);
    }
}

TEST_CASE("what a narrower rule permits, the wider one permits: every claim, proof, level and day") {
    random_rules of{3};
    for (int round = 0; round < 40; ++round) {
        const auto parent = of.next();
        const auto child = of.narrowed(parent);
        REQUIRE(narrower(child, parent));
        const std::set<std::uint16_t> days{0,     parent.valid_from, child.valid_from, child.valid_to, parent.valid_to,
                                           65'535};
        for (std::uint32_t claims = 0; claims <= all_claims; ++claims)
            for (proof_mask proofs = 0; proofs < 4; ++proofs)
                for (const auto day : days) {
                    const asked_context asked{static_cast<claim_mask>(claims), proofs, day};
                    if (permits(child, asked) == outcome::verified && permits(parent, asked) != outcome::verified)
                        FAIL("a narrower rule permits more");
                }
        for (const auto level :
             {account_level::unknown, account_level::none, account_level::level_1, account_level::level_2})
            CHECK((!permits_level(child, level) || permits_level(parent, level)));
    }
}

TEST_CASE("the reason told is the first that applies") {
    rule r{.may_ask = mask_of(claim::name, claim::life),
           .must_ask = mask_of(claim::name),
           .valid_from = 100,
           .valid_to = 200,
           .proof = agency_proved,
           .consent = consent_basis::holder};
    const auto of = [&](claim_mask claims, proof_mask proofs, std::uint16_t day) {
        return permits(r, {claims, proofs, day});
    };
    CHECK(of(mask_of(claim::sex), 0, 99) == outcome::policy_not_valid);
    CHECK(of(mask_of(claim::sex), 0, 201) == outcome::policy_not_valid);
    CHECK(of(mask_of(claim::sex), 0, 100) == outcome::claim_not_permitted);
    CHECK(of(mask_of(claim::life), 0, 200) == outcome::required_claim_missing);
    CHECK(of(mask_of(claim::name), 0, 150) == outcome::proof_missing);
    CHECK(of(mask_of(claim::name), agency_proved, 150) == outcome::consent_missing);
    CHECK(of(mask_of(claim::name), agency_proved | holder_proved, 150) == outcome::verified);
    // name_exact is not within `name`, but asks for it.
    CHECK(of(mask_of(claim::name_exact), 3, 150) == outcome::claim_not_permitted);
    r.may_ask |= mask_of(claim::name_exact);
    CHECK(of(mask_of(claim::name_exact), 3, 150) == outcome::verified);
    r.refusal = outcome::not_permitted;
    CHECK(of(mask_of(claim::name), 3, 150) == outcome::not_permitted);
}

TEST_CASE("one bit is verified or not_verified, and reasons that are not about the citizen stay") {
    for (std::uint16_t number = 0; number < 1024; ++number) {
        const auto what = static_cast<outcome>(number);
        const verdict found{what, 0x1234, 0x2345, 0x0456, name_grade::folded, true, false};
        CHECK(shown(found, answer_detail::per_claim) == found);
        const auto less = shown(found, answer_detail::one_bit);
        const bool is_about_citizen = number >= 1 && number <= 299;
        CHECK(less == verdict{is_about_citizen ? outcome::not_verified : what, 0, 0, 0});
        const auto proved = shown(found, answer_detail::one_bit, true);
        const bool is_about_key = number == 500 || number == 501 || number == 502 || number == 306;
        CHECK(proved == verdict{is_about_citizen || is_about_key ? outcome::not_verified : what, 0, 0, 0});
    }
}

TEST_CASE("days are Vietnam's") {
    CHECK(policy_day_of(946'684'800'000) == 0);                       // 2000-01-01 07:00 there
    CHECK(policy_day_of(946'684'800'000 - 7 * 3'600'000) == 0);       // midnight there
    CHECK(policy_day_of(946'684'800'000 + 17 * 3'600'000 - 1) == 0);  // the last millisecond of that day
    CHECK(policy_day_of(946'684'800'000 + 17 * 3'600'000) == 1);
    CHECK(policy_day_of(INT64_MIN) == 0);
    CHECK(policy_day_of(INT64_MAX) == last_policy_day);
    CHECK(policy_day_text(policy_day_of(1'798'736'400'000)) == "2027-01-01");  // 2026-12-31 17:00 in UTC
    CHECK(policy_day_text(last_policy_day) == "2179-06-06");
}
