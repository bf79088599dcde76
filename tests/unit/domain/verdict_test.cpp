// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <xacthuc/domain/verdict.hpp>

using namespace xacthuc;

TEST_CASE("every part of a verdict goes into the 64 bits and comes back") {
    for (const auto what : {outcome::verified, outcome::claim_mismatch, outcome::not_found, outcome::incomplete,
                            outcome::malformed, outcome::damaged_record})
        for (const auto grade : {name_grade::none, name_grade::folded, name_grade::exact})
            for (const bool coarse : {false, true})
                for (unsigned bit = 0; bit < 16; ++bit) {
                    const auto mask = static_cast<claim_mask>(1U << bit);
                    for (const auto& v :
                         {verdict{what, mask, 0, 0, grade, coarse}, verdict{what, 0, mask, 0, grade, coarse},
                          verdict{what, 0, 0, mask, grade, coarse}}) {
                        const auto back = verdict::from_bits(v.bits());
                        REQUIRE(back == v);
                        REQUIRE(back.outcome() == what);
                        REQUIRE(back.name_grade() == grade);
                        REQUIRE(back.coarse() == coarse);
                        REQUIRE((back.matched() | back.mismatched() | back.unavailable()) == mask);
                    }
                }
}

TEST_CASE("the bits are laid out as documented") {
    const verdict v{static_cast<outcome>(1023), 0x1111, 0x2222, 0x4444, name_grade::exact, true};
    CHECK(v.bits() == 0x4444'2222'1111'0000U + 1023U + (2U << 10) + (1U << 12));
    CHECK(verdict{outcome::verified, 0, 0, 0}.bits() == 0);
    CHECK(verdict::from_bits(0).outcome() == outcome::verified);
}

TEST_CASE("a verdict that nobody filled in is no yes") {
    CHECK(verdict{}.outcome() == outcome::malformed);
    CHECK(verdict{}.matched() == 0);
    CHECK_FALSE(verdict{}.coarse());
}

TEST_CASE("every outcome has a word of its own") {
    std::set<std::string_view> words;
    int named = 0;
    for (int number = 0; number < 1024; ++number) {
        const auto word = to_string(static_cast<outcome>(number));
        if (word == "unknown_outcome") continue;
        ++named;
        CHECK(words.insert(word).second);
    }
    CHECK(named == 13 + static_cast<int>(claim_count));
    CHECK(to_string(outcome::verified) == "verified");
    CHECK(to_string(static_cast<outcome>(101)) == "name_exact_mismatch");
    CHECK(to_string(static_cast<outcome>(112)) == "born_later");
    CHECK(to_string(static_cast<outcome>(113)) == "account_level_insufficient");
    CHECK(to_string(outcome::locked_by_holder) == "locked_by_holder");
    CHECK(to_string(outcome::claim_mismatch_end) == "unknown_outcome");
}

TEST_CASE("grades have words") {
    CHECK(to_string(name_grade::none).empty());
    CHECK(to_string(name_grade::folded) == "folded");
    CHECK(to_string(name_grade::exact) == "exact");
}
