// SPDX-License-Identifier: Apache-2.0
// All guards together, as the engine asks them.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <random>
#include <thread>
#include <vector>
#include <xacthuc/guard/guards.hpp>

#include "unit/guard/guard_inputs.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr rule open_rule{.may_ask = all_claims};
constexpr rule careful_rule{.may_ask = all_claims, .misses_per_citizen_day = 5};

[[nodiscard]] std::vector<alarm_reason> reasons_of(guards& all) {
    std::vector<alarm_reason> reasons;
    for (const auto& each : all.take_alarms()) reasons.push_back(each.reason);
    return reasons;
}

}  // namespace

TEST_CASE("where all are admitted nothing is written") {
    guards all{small_guards()};
    asked_block block;
    for (std::uint64_t id = 0; id < 512; ++id) block.ask(asked_about(id, 3), careful_rule, outcome::verified);
    block.refused.assign(512, outcome::malformed);
    CHECK(all.admit(block.requests, block.rules, {.agency = 3, .now_unix_ms = morning_ms}, block.refused));
    CHECK(std::ranges::count(block.refused, outcome::malformed) == 512);
    CHECK(all.admit({}, {}, {}, {}));
    all.settle({}, {}, {}, {});
}

TEST_CASE("the misses of a citizen are used up for everybody but herself") {
    guards all{small_guards()};
    asked_block block;
    const auto ask = [&](std::uint16_t agency, outcome answer, proof_mask proofs = 0) {
        block.clear();
        block.ask(asked_about(42, agency), careful_rule, answer);
        block.ask(asked_about(43, agency), careful_rule, outcome::verified);
        return block.pass(all, {.agency = agency, .now_unix_ms = morning_ms, .proofs = proofs});
    };
    // Of any kind, by any agency; what was no answer does not count.
    CHECK(ask(1, outcome::claim_mismatch) == 2);
    CHECK(ask(2, outcome::not_found) == 2);
    CHECK(ask(3, outcome::deceased) == 2);
    CHECK(ask(1, outcome::verified) == 2);
    CHECK(ask(1, outcome::bad_signature) == 2);
    CHECK(ask(4, outcome::incomplete) == 2);
    CHECK(ask(5, outcome::claim_mismatch) == 2);
    CHECK(ask(6, outcome::verified) == 1);
    CHECK(block.refused[0] == outcome::misses_used_up);
    CHECK(block.refused[1] == outcome::verified);
    CHECK(ask(6, outcome::verified, agency_proved) == 1);
    CHECK(ask(6, outcome::verified, holder_proved) == 2);
    // A rule without a budget asks on, and one with none at all never without her proof.
    block.clear();
    block.ask(asked_about(42, 1), open_rule, outcome::verified);
    CHECK(block.pass(all, {.agency = 1, .now_unix_ms = morning_ms}) == 1);
    constexpr rule never{.may_ask = all_claims, .misses_per_citizen_day = 0};
    block.clear();
    block.ask(asked_about(99, 1), never, outcome::verified);
    CHECK(block.pass(all, {.agency = 1, .now_unix_ms = morning_ms}) == 0);
    CHECK(block.pass(all, {.agency = 1, .now_unix_ms = morning_ms, .proofs = holder_proved}) == 1);
}

TEST_CASE("of a block that is over its quota the first are admitted, of each pair") {
    guards all{small_guards()};
    constexpr rule ten{.may_ask = all_claims, .per_day = 10};
    constexpr rule twenty{.may_ask = all_claims, .per_day = 20};
    asked_block block;
    std::mt19937_64 random{12};
    std::map<std::uint32_t, std::uint32_t> admitted;
    for (int blocks = 0; blocks < 100; ++blocks) {
        block.clear();
        for (int i = 0; i < 300; ++i) {
            const auto agency = static_cast<std::uint16_t>(1 + random() % 12);
            const auto procedure = static_cast<std::uint16_t>(1 + random() % 40);
            block.ask(asked_about(random() % 1000, agency, procedure),
                      agency == 1  ? open_rule
                      : agency < 6 ? ten
                                   : twenty,
                      outcome::verified);
        }
        block.pass(all, {.now_unix_ms = morning_ms});
        std::map<std::uint32_t, bool> is_over;
        for (std::size_t i = 0; i < block.requests.size(); ++i) {
            const auto pair = static_cast<std::uint32_t>(block.requests[i].words[3] >> 32);
            if (block.refused[i] == outcome::verified) {
                CHECK_FALSE(is_over[pair]);
                ++admitted[pair];
            } else {
                CHECK(block.refused[i] == outcome::quota_used_up);
                is_over[pair] = true;
            }
        }
    }
    for (const auto& [pair, count] : admitted) {
        const auto agency = pair & 0xffffU;
        if (agency == 1)
            CHECK(count > 10);
        else
            CHECK(count == (agency < 6 ? 10 : 20));
    }
}

TEST_CASE("an officer has a limit of all procedures together, and what it refuses is not charged to the agency") {
    guards all{small_guards()};
    constexpr rule by{.may_ask = all_claims, .per_day = 30, .officer_per_day = 20};
    asked_block block;
    for (std::uint64_t id = 0; id < 25; ++id) block.ask(asked_about(id, 3), by, outcome::verified);
    CHECK(block.pass(all, {.agency = 3, .officer = 7, .now_unix_ms = morning_ms}) == 20);
    block.refused.assign(25, outcome::verified);
    CHECK(block.pass(all, {.agency = 3, .officer = 7, .now_unix_ms = morning_ms}) == 0);
    CHECK(block.pass(all, {.agency = 3, .officer = 8, .now_unix_ms = morning_ms}) == 10);
    CHECK(block.pass(all, {.agency = 3, .officer = 9, .now_unix_ms = morning_ms}) == 0);
    // What the agency could not use is left to the officer.
    asked_block other;
    for (std::uint64_t id = 0; id < 10; ++id) other.ask(asked_about(id, 3, 2), by, outcome::verified);
    CHECK(other.pass(all, {.agency = 3, .officer = 8, .now_unix_ms = morning_ms}) == 10);
    CHECK(other.pass(all, {.agency = 3, .officer = 9, .now_unix_ms = morning_ms}) == 10);
}

TEST_CASE("who is suspended is refused everything until reinstated") {
    guards all{small_guards()};
    all.suspend(3);
    all.suspend(3);
    asked_block block;
    block.ask(asked_about(1, 3), open_rule, outcome::verified);
    block.ask(asked_about(1, 4), open_rule, outcome::verified);
    CHECK(block.pass(all, {.now_unix_ms = morning_ms}) == 1);
    CHECK(block.refused[0] == outcome::alarm_suspended);
    CHECK(all.take_batch(3, 1, morning_ms) == outcome::alarm_suspended);
    CHECK(all.take_batch(4, 1, morning_ms) == outcome::verified);
    all.reinstate(3);
    CHECK_FALSE(all.is_suspended(3));
    CHECK(all.take_batch(3, 1, morning_ms) == outcome::verified);
    CHECK(all.take_batch(3, 1, morning_ms) == outcome::proof_repeated);
}

TEST_CASE("each alarm is raised, once a day, with what it counted") {
    auto options = small_guards();
    options.volumes = {{.agency = 3, .subjects_a_day = 1000, .subjects_a_year = 4000}};
    options.thresholds.surge_burst_min = 5000;
    options.decoys = {555'000'555};
    guards all{options};
    asked_block block;
    const auto ask_many = [&](std::uint64_t first, std::uint64_t count, outcome answer, std::uint64_t officer,
                              std::int64_t now) {
        for (std::uint64_t id = first; id < first + count;) {
            block.clear();
            for (; id < first + count && block.requests.size() < 512; ++id)
                block.ask(asked_about(id, 3), careful_rule, answer);
            block.pass(all, {.agency = 3, .officer = officer, .now_unix_ms = now});
        }
    };
    using enum alarm_reason;
    ask_many(0, 450, outcome::verified, 1, morning_ms);
    CHECK(reasons_of(all).empty());
    ask_many(450, 200, outcome::verified, 1, morning_ms + 1000);
    CHECK(reasons_of(all) == std::vector{officer_subjects});
    ask_many(1000, 1600, outcome::verified, 0, morning_ms + 2000);
    CHECK(reasons_of(all) == std::vector{subjects_a_day});
    ask_many(3000, 300, outcome::verified, 0, morning_ms + 3000);
    CHECK(reasons_of(all).empty());
    ask_many(3000, 300, outcome::claim_mismatch, 0, morning_ms + 4000);
    CHECK(reasons_of(all) == std::vector{misses});
    for (int i = 0; i < 700; ++i) ask_many(3300, 1, outcome::verified, 0, morning_ms + 5000 + i);
    CHECK(reasons_of(all) == std::vector{heavy_subject});
    block.clear();
    block.ask(asked_about(555'000'555, 3), careful_rule, outcome::not_found);
    block.pass(all, {.agency = 3, .now_unix_ms = morning_ms + 6000});
    block.pass(all, {.agency = 3, .now_unix_ms = morning_ms + 6000});
    const auto decoys = all.take_alarms();
    REQUIRE(decoys.size() == 2);
    CHECK(decoys[0].reason == decoy);
    CHECK(decoys[0].subject == 555'000'555);
    CHECK(decoys[0].agency == 3);
    CHECK(decoys[0].at_unix_ms == morning_ms + 6000);
    for (int i = 0; i < 80; ++i) ask_many(3301, 1, outcome::claim_mismatch, 0, morning_ms + 7000);
    CHECK(reasons_of(all) == std::vector{budgets_used_up});
    for (std::int64_t ms = 0; ms < 100; ++ms) ask_many(0, 50, outcome::verified, 0, morning_ms + 8000 + ms);
    CHECK(reasons_of(all) == std::vector{surge});
    for (std::int64_t day = 1; day < 6; ++day)
        for (int part = 0; part < 8; ++part)
            ask_many(10'000 + static_cast<std::uint64_t>(day) * 1000 + static_cast<std::uint64_t>(part) * 100, 100,
                     outcome::verified, 0, morning_ms + day * day_ms + part * 60'000);
    const auto last = reasons_of(all);
    CHECK_FALSE(last.empty());
    CHECK(std::ranges::count(last, subjects_a_year) == static_cast<std::ptrdiff_t>(last.size()));
}

TEST_CASE("an alarm may suspend") {
    auto options = small_guards();
    options.decoys = {77};
    options.action(alarm_reason::decoy) = alarm_action::suspend;
    guards all{options};
    asked_block block;
    block.ask(asked_about(77, 3), open_rule, outcome::verified);
    CHECK(block.pass(all, {.agency = 3, .now_unix_ms = morning_ms}) == 1);
    CHECK(all.is_suspended(3));
    const auto raised = all.take_alarms();
    REQUIRE(raised.size() == 1);
    CHECK(raised[0].suspended);
    CHECK(block.pass(all, {.agency = 3, .now_unix_ms = morning_ms}) == 0);
    CHECK(block.refused[0] == outcome::alarm_suspended);
}

TEST_CASE("more agencies than there are places have no counters, and share one estimate") {
    auto options = small_guards();
    options.agencies_max = 4;
    guards all{options};
    int taken = 0;
    for (std::uint16_t agency = 1; agency <= 8; ++agency)
        taken += all.take_batch(agency, 1, morning_ms) == outcome::verified;
    CHECK(taken == 4);
    CHECK(std::ranges::count(reasons_of(all), alarm_reason::table_full) == 1);
}

TEST_CASE("threads together use up no more than there is") {
    guards all{small_guards()};
    constexpr rule by{.may_ask = all_claims, .misses_per_citizen_day = 5, .per_day = 20'000};
    std::atomic<std::size_t> answered{0};
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                std::mt19937_64 random{t};
                asked_block block;
                for (int i = 0; i < 100; ++i) {
                    block.clear();
                    for (int k = 0; k < 100; ++k)
                        block.ask(asked_about(random() % 100'000'000, 3), by,
                                  random() % 33 == 0 ? outcome::claim_mismatch : outcome::verified);
                    answered += block.pass(all, {.agency = 3, .officer = t + 1, .now_unix_ms = morning_ms + i});
                }
            });
    }
    CHECK(answered == 20'000);
}

TEST_CASE("at a nation's size the guards take less than 512 MiB") {
    const guards all;
    MESSAGE("memory of all guards: " << (all.memory_bytes() >> 20) << " MiB");
    CHECK(all.memory_bytes() <= std::size_t{512} << 20);
}
