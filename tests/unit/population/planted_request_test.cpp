// SPDX-License-Identifier: Apache-2.0
#include "population/planted_request.hpp"

#include <doctest/doctest.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "population/shares.hpp"
#include "reference/reference_verdict.hpp"

using namespace xacthuc;

namespace {

[[nodiscard]] digest_key test_key() {
    std::array<std::byte, digest_key_bytes> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 17);
    return digest_key::from_bytes(bytes);
}

// Finds citizens by id, as a register would.
class small_register {
  public:
    explicit small_register(const population& of) : of_{&of} {
        name_text text;
        for (std::uint64_t i = 0; i < of.count(); ++i) places_.emplace(of.citizen_at(i, text).id.value(), i);
    }
    [[nodiscard]] std::optional<citizen> find(personal_id id, name_text& text) const {
        const auto found = places_.find(id.value());
        if (found == places_.end()) return std::nullopt;
        return of_->citizen_at(found->second, text);
    }

  private:
    const population* of_;
    std::unordered_map<std::uint64_t, std::uint64_t> places_;
};

[[nodiscard]] verdict judge(const small_register& in, const claim_set& claims) {
    name_text text;
    const auto holder = in.find(claims.id, text);
    return reference_verdict(holder ? &*holder : nullptr, claims);
}

void check_against_reference(std::uint64_t citizens, std::uint64_t seed, std::uint64_t requests) {
    const auto nation = population::create(seed, citizens).value();
    const small_register in{nation};
    const planted_requests stream{nation, seed};
    name_text text;
    std::uint64_t wrong = 0;
    for (std::uint64_t j = 0; j < requests; ++j) {
        const auto planted = stream.at(j, text);
        if (judge(in, planted.claims) == planted.expected) continue;
        if (++wrong > 3) break;
        const auto right = judge(in, planted.claims);
        FAIL_CHECK("request " << j << " (" << to_string(planted.kind) << ") of " << citizens << ": planted " << std::hex
                              << planted.expected.bits() << " " << to_string(planted.expected.outcome())
                              << ", reference " << right.bits() << " " << to_string(right.outcome()));
    }
    CHECK(wrong == 0);
}

// Of the plain text, so that it does not change with the layout of prepared requests.
[[nodiscard]] std::uint64_t hash_of(const planted_requests& stream, std::uint64_t first, std::uint64_t count) {
    std::uint64_t hash = 0;
    name_text text;
    const auto code = [](const auto& value) {
        return value ? 1 + static_cast<std::uint64_t>(*value) : std::uint64_t{0};
    };
    const auto days = [](const std::optional<date>& value) { return value ? 1 + std::uint64_t{value->packed()} : 0; };
    for (std::uint64_t j = first; j < first + count; ++j) {
        const auto planted = stream.at(j, text);
        const auto& c = planted.claims;
        const std::array<std::uint64_t, 19> facts{static_cast<std::uint64_t>(planted.kind),
                                                  planted.expected.bits(),
                                                  c.id.value(),
                                                  c.name ? XXH3_64bits(c.name->data(), c.name->size()) : 0,
                                                  c.name_exact,
                                                  days(c.birth_date),
                                                  code(c.sex),
                                                  code(c.province),
                                                  code(c.ward),
                                                  code(c.document),
                                                  days(c.document_valid_on),
                                                  days(c.born_on_or_before),
                                                  code(c.life),
                                                  code(c.registration),
                                                  code(c.account_level),
                                                  code(c.account_level_at_least),
                                                  code(c.account),
                                                  c.agency,
                                                  c.procedure};
        hash = XXH3_64bits_withSeed(facts.data(), sizeof(facts), hash);
    }
    return hash;
}

// All outcomes that requests without proofs can have in an undamaged register.
[[nodiscard]] std::set<int> plantable_outcomes() {
    std::set<int> all{0, 200, 201, 210, 211, 220, 230, 240};
    for (int kind = 0; kind < static_cast<int>(claim_count); ++kind) all.insert(100 + kind);
    return all;
}

}  // namespace

TEST_CASE("planted verdicts are those of the reference") {
    check_against_reference(200'000, 1, 150'000);
}

TEST_CASE("planted verdicts are right in populations too small to have every sort of citizen") {
    for (const auto citizens : std::initializer_list<std::uint64_t>{1, 2, 7, 100, 4'096, 5'000})
        check_against_reference(citizens, citizens, 5'000);
}

TEST_CASE("planted verdicts of every kind are those of the reference") {
    const auto nation = population::create(3, 50'000).value();
    const small_register in{nation};
    const planted_requests stream{nation, 5};
    name_text text;
    for (const auto& row : request_shares) {
        CAPTURE(row.word);
        for (std::uint64_t j = 0; j < 500; ++j) {
            const auto planted = stream.of_kind(row.kind, j, text);
            REQUIRE(planted.kind == row.kind);
            REQUIRE(judge(in, planted.claims) == planted.expected);
        }
    }
}

TEST_CASE("planted verdicts of many populations are those of the reference" * doctest::test_suite("slow")) {
    for (const auto seed : std::initializer_list<std::uint64_t>{11, 12, 13, 14})
        check_against_reference(1'000'000, seed, 500'000);
}

TEST_CASE("every kind and every outcome occurs, kinds by their shares") {
    const auto nation = population::create(1, 1'000'000).value();
    const planted_requests stream{nation};
    constexpr int count = 200'000;
    std::map<request_kind, int> kinds;
    std::set<int> outcomes;
    std::set<name_grade> grades;
    unsigned matched = 0, mismatched = 0, unavailable = 0;
    int coarse = 0;
    int claim_coarse = 0;
    name_text text;
    for (int j = 0; j < count; ++j) {
        const auto planted = stream.at(static_cast<std::uint64_t>(j), text);
        ++kinds[planted.kind];
        outcomes.insert(static_cast<int>(planted.expected.outcome()));
        grades.insert(planted.expected.name_grade());
        coarse += planted.expected.coarse();
        claim_coarse += planted.expected.claim_coarse();
        matched |= planted.expected.matched();
        mismatched |= planted.expected.mismatched();
        unavailable |= planted.expected.unavailable();
    }
    CHECK(outcomes == plantable_outcomes());
    CHECK(grades == std::set{name_grade::none, name_grade::folded, name_grade::exact, name_grade::marks_differ});
    CHECK(coarse > 0);
    CHECK(claim_coarse > 0);
    CHECK(matched == all_claims);
    CHECK(mismatched == all_claims);
    CHECK(unavailable == all_claims);
    for (const auto& row : request_shares) {
        CAPTURE(row.word);
        const double wanted = count * row.per_ten_thousand / 10'000.0;
        CHECK(std::abs(kinds[row.kind] - wanted) < 6 * std::sqrt(wanted));
    }
}

constexpr std::uint64_t documented_count = 1'000'000;

TEST_CASE("docs/population.md says what becomes of a million requests") {
    const auto nation = population::create(1, 107'000'000).value();
    const planted_requests stream{nation};
    std::map<unsigned, std::uint64_t> outcomes;
    std::map<name_grade, std::uint64_t> grades, toneless;
    std::uint64_t coarse = 0;
    std::uint64_t claim_coarse = 0;
    name_text text;
    for (std::uint64_t j = 0; j < documented_count; ++j) {
        const auto planted = stream.at(j, text);
        ++outcomes[static_cast<unsigned>(planted.expected.outcome())];
        ++grades[planted.expected.name_grade()];
        if (planted.kind == request_kind::toneless) ++toneless[planted.expected.name_grade()];
        coarse += planted.expected.coarse();
        claim_coarse += planted.expected.claim_coarse();
    }
    std::ifstream file{XACTHUC_DOCS "/population.md"};
    const std::string document{std::istreambuf_iterator<char>{file}, {}};
    const auto says = [&](const std::string& what, std::uint64_t found, std::uint64_t of = documented_count) {
        std::array<char, 16> percent{};
        std::snprintf(percent.data(), percent.size(), "%.2f %%",
                      100 * static_cast<double>(found) / static_cast<double>(of));
        const auto line = "| " + what + " | " + percent.data() + " |\n";
        CAPTURE(line);
        CHECK(document.find(line) != std::string::npos);
    };
    std::uint64_t mismatches = 0;
    for (const auto& [code, found] : outcomes)
        if (code / 100 == 1) mismatches += found;
    says("verified", outcomes[0]);
    says("a claim does not match, all fourteen numbers 100 to 113", mismatches);
    for (const auto& [code, found] : outcomes)
        if (code != 0 && code / 100 != 1) says(std::string{to_string(static_cast<outcome>(code))}, found);
    says("of all: name at the folded grade", grades[name_grade::folded]);
    says("of all: name at the grade marks_differ, a mismatch", grades[name_grade::marks_differ]);
    says("of all: coarse", coarse);
    says("of all: claim_coarse", claim_coarse);
    std::uint64_t all = 0;
    for (const auto& [grade, found] : toneless) all += found;
    says("of the kind `toneless`: marks_differ", toneless[name_grade::marks_differ], all);
    says("of the kind `toneless`: folded, for without its tones the name has no marks", toneless[name_grade::folded],
         all);
    says("of the kind `toneless`: exact, for the name has no tones", toneless[name_grade::exact], all);
    CHECK(toneless[name_grade::none] == 0);
}

TEST_CASE("each kind shows what it is for") {
    const auto nation = population::create(1, 1'000'000).value();
    const planted_requests stream{nation};
    constexpr int count = 300;
    name_text text;
    // How many of each kind's requests get the outcome that the kind is named after.
    const auto share_of = [&](request_kind kind, auto shows) {
        int hits = 0;
        for (std::uint64_t j = 0; j < count; ++j) hits += shows(stream.of_kind(kind, j, text).expected);
        return static_cast<double>(hits) / count;
    };
    const auto is = [](outcome wanted) { return [wanted](const verdict& v) { return v.outcome() == wanted; }; };
    const auto misses = [](claim kind) {
        return [kind](const verdict& v) { return v.outcome() == static_cast<outcome>(100 + static_cast<int>(kind)); };
    };
    using enum request_kind;
    for (const auto kind : {right_basic, right_residence, right_document, right_age, right_account, right_everything,
                            right_registration, other_tone_placement, decomposed, lower_case, upper_case, odd_spacing,
                            exact_demanded, year_only, year_and_month}) {
        CAPTURE(to_string(kind));
        CHECK(share_of(kind, is(outcome::verified)) == 1.0);
    }
    CHECK(share_of(undiacritised, [](const verdict& v) { return v.name_grade() == name_grade::folded; }) > 0.9);
    CHECK(share_of(toneless, [](const verdict& v) { return v.name_grade() == name_grade::marks_differ; }) > 0.5);
    CHECK(share_of(year_only, [](const verdict& v) { return v.claim_coarse(); }) > 0.8);
    CHECK(share_of(year_and_month, [](const verdict& v) { return v.claim_coarse(); }) > 0.8);
    CHECK(share_of(exact_demanded_undiacritised, misses(claim::name_exact)) > 0.8);
    CHECK(share_of(finer_than_register, [](const verdict& v) { return v.coarse(); }) > 0.6);
    CHECK(share_of(wrong_name, misses(claim::name)) == 1.0);
    CHECK(share_of(wrong_birth_date, misses(claim::birth_date)) == 1.0);
    CHECK(share_of(wrong_sex, misses(claim::sex)) == 1.0);
    CHECK(share_of(wrong_life, misses(claim::life)) == 1.0);
    CHECK(share_of(wrong_registration, misses(claim::registration)) == 1.0);
    CHECK(share_of(wrong_account_level, misses(claim::account_level)) == 1.0);
    CHECK(share_of(wrong_account_level_at_least, misses(claim::account_level_at_least)) == 1.0);
    CHECK(share_of(wrong_account, misses(claim::account)) == 1.0);
    CHECK(share_of(wrong_document, misses(claim::document)) == 1.0);
    CHECK(share_of(wrong_document_valid_on, misses(claim::document_valid_on)) > 0.9);
    CHECK(share_of(wrong_province, misses(claim::province)) == 1.0);
    CHECK(share_of(wrong_ward, misses(claim::ward)) == 1.0);
    CHECK(share_of(wrong_born_on_or_before, misses(claim::born_on_or_before)) == 1.0);
    CHECK(share_of(age_undecided, is(outcome::incomplete)) > 0.8);
    CHECK(share_of(unknown_number, is(outcome::not_found)) == 1.0);
    CHECK(share_of(deceased_holder, is(outcome::deceased)) > 0.95);
    CHECK(share_of(missing_holder, is(outcome::missing)) == 1.0);
    CHECK(share_of(registration_not_active, is(outcome::registration_not_active)) > 0.9);
    CHECK(share_of(locked_holder, is(outcome::locked_by_holder)) > 0.9);
    CHECK(share_of(superseded_number, is(outcome::superseded)) == 1.0);
    CHECK(share_of(no_data, is(outcome::incomplete)) > 0.9);
    CHECK(share_of(wrong_name_of_the_dead, misses(claim::name)) == 1.0);
    CHECK(share_of(two_wrong, [](const verdict& v) { return std::popcount(v.mismatched()) == 2; }) == 1.0);
}

TEST_CASE("filled requests are the prepared plain ones, from any place and any thread") {
    const auto nation = population::create(9, 107'000'000).value();
    const planted_requests stream{nation, 2};
    constexpr std::size_t count = 4'000;
    const auto key = test_key();
    std::vector<request> requests(count);
    std::vector<verdict> expected(count);
    stream.fill(1'000'000'000, requests, expected, key);
    name_text text;
    for (std::size_t n = 0; n < count; ++n) {
        const auto plain = stream.at(1'000'000'000 + n, text);
        REQUIRE(prepare(plain.claims, key).value() == requests[n]);
        REQUIRE(plain.expected == expected[n]);
        REQUIRE((expected[n].matched() | expected[n].mismatched() | expected[n].unavailable()) == requests[n].claims());
    }
    std::vector<std::uint64_t> hashes(4);
    {
        std::vector<std::jthread> threads;
        for (auto& hash : hashes) threads.emplace_back([&] { hash = hash_of(stream, 77, 2'000); });
    }
    CHECK(std::ranges::count(hashes, hashes.front()) == 4);
}

TEST_CASE("a seed gives the same requests on every machine and in every version") {
    const auto nation = population::create(42, 107'000'000).value();
    CHECK(hash_of(planted_requests{nation, 1}, 0, 10'000) == 17403384377805634278U);
    CHECK(hash_of(planted_requests{nation, 1, request_mix::right_basic}, 0, 10'000) == 1331631259285675710U);
}

TEST_CASE("the basic mix is right_basic only, and all of it verified") {
    const auto nation = population::create(4, 1'000'000).value();
    const planted_requests stream{nation, 0, request_mix::right_basic};
    name_text text;
    for (std::uint64_t j = 0; j < 20'000; ++j) {
        const auto planted = stream.at(j, text);
        REQUIRE(planted.kind == request_kind::right_basic);
        REQUIRE(planted.expected.outcome() == outcome::verified);
        REQUIRE(planted.expected.matched() == mask_of(claim::name, claim::birth_date, claim::sex, claim::life));
    }
}

TEST_CASE("a mix of unknown numbers asks what the basic mix asks, of all or of half of its requests") {
    const auto nation = population::create(4, 1'000'000).value();
    const planted_requests all{nation, 0, request_mix::unknown};
    const planted_requests half{nation, 0, request_mix::half_unknown};
    name_text text;
    std::uint64_t known = 0;
    for (std::uint64_t j = 0; j < 20'000; ++j) {
        const auto unknown = all.at(j, text);
        REQUIRE(unknown.expected.outcome() == outcome::not_found);
        REQUIRE(unknown.expected.unavailable() == mask_of(claim::name, claim::birth_date, claim::sex, claim::life));
        const auto either = half.at(j, text).expected.outcome();
        REQUIRE((either == outcome::not_found || either == outcome::verified));
        known += either == outcome::verified;
    }
    CHECK(known > 9700);
    CHECK(known < 10'300);
}

TEST_CASE("the seed of the stream and the place in it make a difference") {
    const auto nation = population::create(4, 1'000'000).value();
    CHECK(hash_of(planted_requests{nation, 1}, 0, 100) != hash_of(planted_requests{nation, 2}, 0, 100));
    CHECK(hash_of(planted_requests{nation, 1}, 0, 100) != hash_of(planted_requests{nation, 1}, 1, 100));
}
