// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/verdict_counts.hpp>

using namespace xacthuc;

TEST_CASE("every part of a verdict goes into the 64 bits and comes back") {
    for (const auto what :
         {outcome::verified, outcome::claim_mismatch, outcome::not_found, outcome::incomplete, outcome::malformed,
          outcome::damaged_record, outcome::ledger_full, outcome::ledger_stopped, outcome::elsewhere})
        for (const auto grade : {name_grade::none, name_grade::folded, name_grade::exact, name_grade::marks_differ})
            for (const auto& [coarse, claim_coarse] :
                 {std::pair{false, false}, std::pair{true, false}, std::pair{false, true}})
                for (unsigned bit = 0; bit < 16; ++bit) {
                    const auto mask = static_cast<claim_mask>(1U << bit);
                    for (const auto& v : {verdict{what, mask, 0, 0, grade, coarse, claim_coarse},
                                          verdict{what, 0, mask, 0, grade, coarse, claim_coarse},
                                          verdict{what, 0, 0, mask, grade, coarse, claim_coarse}}) {
                        const auto back = verdict::from_bits(v.bits());
                        REQUIRE(back == v);
                        REQUIRE(back.outcome() == what);
                        REQUIRE(back.name_grade() == grade);
                        REQUIRE(back.coarse() == coarse);
                        REQUIRE(back.claim_coarse() == claim_coarse);
                        REQUIRE((back.matched() | back.mismatched() | back.unavailable()) == mask);
                    }
                }
}

TEST_CASE("the bits are laid out as documented") {
    const verdict v{static_cast<outcome>(1023), 0x1111, 0x2222, 0x4444, name_grade::exact, true};
    CHECK(v.bits() == 0x4444'2222'1111'0000U + 1023U + (2U << 10) + (1U << 12));
    CHECK(verdict{outcome::verified, 0, 0, 0, name_grade::marks_differ, false, true}.bits() == (3U << 10) + (1U << 13));
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
    CHECK(named == 34 + static_cast<int>(claim_count));
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
    CHECK(to_string(name_grade::marks_differ) == "marks_differ");
}

TEST_CASE("what was not claimed is counted apart from what the register cannot say") {
    const auto name = mask_of(claim::name);
    const auto birth = mask_of(claim::birth_date);
    const std::array<verdict, 6> verdicts{
        verdict{outcome::verified, mask_of(claim::name, claim::birth_date), 0, 0, name_grade::folded, true},
        verdict{outcome::verified, birth, 0, 0, name_grade::none, false, true},
        verdict{outcome::claim_mismatch, birth, name, 0, name_grade::marks_differ},
        verdict{outcome::not_found, 0, 0, name},
        verdict{outcome::malformed, 0, 0, 0},
        verdict{outcome::verified, name, 0, 0, name_grade::exact}};
    verdict_counts counts;
    counts.add(std::span{verdicts}.first(2));
    verdict_counts rest;
    rest.add(std::span{verdicts}.subspan(2));
    counts.add(rest);
    verdict_counts whole;
    whole.add(verdicts);
    CHECK(counts == whole);
    CHECK(counts.verdicts == 6);
    CHECK(counts.by_outcome[0] == 3);
    CHECK(counts.by_claim[0] == claim_counts{2, 1, 1});
    CHECK(counts.not_claimed(claim::name) == 1);
    CHECK(counts.by_claim[2] == claim_counts{3, 0, 0});
    CHECK(counts.not_claimed(claim::birth_date) == 2);
    CHECK(counts.not_claimed(claim::sex) == 5);
    CHECK(counts.by_name_grade == std::array<std::uint64_t, 4>{3, 1, 1, 1});
    CHECK(counts.coarse == 1);
    CHECK(counts.claim_coarse == 1);
}
