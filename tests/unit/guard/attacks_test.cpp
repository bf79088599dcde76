// SPDX-License-Identifier: Apache-2.0
// Attacks that happened elsewhere, replayed against the guards in simulated time: how many citizens were exposed, and
// how long it took until an alarm. And a ministry that does nothing wrong. Printed as they are found.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>
#include <xacthuc/guard/guards.hpp>

#include "unit/guard/guard_inputs.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr rule by_the_rule{.may_ask = all_claims, .misses_per_citizen_day = 5};

[[nodiscard]] guards_options watched(std::vector<agency_volume> volumes) {
    auto options = small_guards();
    options.agencies_max = 64;
    options.volumes = std::move(volumes);
    for (const auto reason : {alarm_reason::surge, alarm_reason::subjects_a_day, alarm_reason::subjects_a_year,
                              alarm_reason::officer_subjects, alarm_reason::misses, alarm_reason::budgets_used_up})
        options.action(reason) = alarm_action::suspend;
    return options;
}

// Who was answered about, and when the first alarm was.
struct exposure {
    std::unordered_set<std::uint64_t> citizens;
    std::vector<guard_alarm> alarms;
    std::int64_t first_alarm_ms = -1;

    // Returns how many were looked up.
    std::size_t ask(guards& all, asked_block& block, const guard_asker& asker) {
        const auto answered = block.pass(all, asker);
        for (std::size_t i = 0; i < block.requests.size(); ++i)
            if (block.verdicts[i].outcome() == outcome::verified) citizens.insert(block.requests[i].id());
        for (const auto& each : all.take_alarms()) {
            if (first_alarm_ms < 0) first_alarm_ms = each.at_unix_ms;
            alarms.push_back(each);
        }
        block.clear();
        return answered;
    }
    [[nodiscard]] std::string first_reason() const {
        return alarms.empty() ? "none" : std::string{to_string(alarms.front().reason)};
    }
};

}  // namespace

TEST_CASE("9,000 sources that ask for 286,438 citizens, at the pace of five days and faster") {
    // A service that answers 5,000 citizens on a busy day, by one question at a time from ever different sources. All
    // they ask is true: nothing but the pace is wrong.
    constexpr std::uint64_t wanted = 286'438;
    constexpr std::uint64_t sources = 9'000;
    struct pace {
        std::string name;
        double a_second;
        bool is_fast;
    };
    for (const pace& with : {pace{"in five days", wanted / (5 * 86'400.0), false}, pace{"20 a second", 20, true},
                             pace{"each source once a second", sources, true}}) {
        guards all{watched({{.agency = 7, .subjects_a_day = 5'000, .subjects_a_year = 600'000}})};
        exposure exposed;
        asked_block block;
        std::uint64_t asked = 0;
        std::int64_t now = morning_ms;
        for (; asked < wanted && !all.is_suspended(7); ++asked) {
            now = morning_ms + static_cast<std::int64_t>(1000.0 * static_cast<double>(asked) / with.a_second);
            block.ask(asked_about(1'000'000'000 + asked * 7, 7), by_the_rule, outcome::verified);
            exposed.ask(all, block, {.agency = 7, .officer = 1 + asked % sources, .now_unix_ms = now});
        }
        const auto seconds = static_cast<double>(exposed.first_alarm_ms - morning_ms) / 1000;
        MESSAGE("286,438 citizens by 9,000 sources, " << with.name << ": " << exposed.citizens.size()
                                                      << " exposed, alarm \"" << exposed.first_reason() << "\" after "
                                                      << seconds << " s");
        CHECK(exposed.first_alarm_ms >= 0);
        CHECK(exposed.citizens.size() <= 1'000);
        if (with.is_fast) CHECK(seconds <= 60);
    }
}

TEST_CASE("sources that guess whom to ask about are seen by their misses") {
    // Numbers tried one after the other: nine of ten belong to nobody or to somebody else.
    guards all{watched({{.agency = 7, .subjects_a_day = 500'000, .subjects_a_year = 20'000'000}})};
    exposure exposed;
    asked_block block;
    std::mt19937_64 random{21};
    std::int64_t now = morning_ms;
    // Before, an honest day.
    for (int i = 0; i < 400; ++i) {
        for (int k = 0; k < 50; ++k)
            block.ask(asked_about(random() % 100'000'000, 7), by_the_rule,
                      random() % 100 < 3 ? outcome::claim_mismatch : outcome::verified);
        exposed.ask(all, block, {.agency = 7, .now_unix_ms = now += 5'000});
    }
    CHECK(exposed.alarms.empty());
    exposed.citizens.clear();
    const auto start = now;
    std::uint64_t guesses = 0;
    for (; guesses < 286'438 && !all.is_suspended(7); ++guesses) {
        block.ask(asked_about(1'000'000'000 + guesses, 7), by_the_rule,
                  random() % 10 == 0 ? outcome::verified : outcome::not_found);
        exposed.ask(all, block, {.agency = 7, .officer = 1 + guesses % 9'000, .now_unix_ms = now += 50});
    }
    MESSAGE("guessed numbers, 20 a second: " << exposed.citizens.size() << " exposed in " << guesses
                                             << " guesses, alarm \"" << exposed.first_reason() << "\" after "
                                             << static_cast<double>(exposed.first_alarm_ms - start) / 1000 << " s");
    CHECK(exposed.citizens.size() <= 1'000);
    CHECK(exposed.first_alarm_ms - start <= 60'000);
}

TEST_CASE("three offices that take 1,850 citizens a day for four years") {
    // Each is an office of 160 citizens on a busy day. Between them they take 1,850 a day besides, all different, in
    // their opening hours; or just so few that no day shows it.
    struct way {
        std::string name;
        std::uint64_t a_day;  // of one office
    };
    for (const way& with : {way{"1,850 a day", 617}, way{"as many as no day shows", 150}}) {
        guards all{watched({{.agency = 1, .subjects_a_day = 160, .subjects_a_year = 30'000},
                            {.agency = 2, .subjects_a_day = 160, .subjects_a_year = 30'000},
                            {.agency = 3, .subjects_a_day = 160, .subjects_a_year = 30'000}})};
        exposure exposed;
        asked_block block;
        std::mt19937_64 random{22};
        std::uint64_t next = 5'000'000'000;
        std::int64_t days_until_alarm = -1;
        std::int64_t days_until_all = -1;
        constexpr std::uint64_t honest = 130;
        constexpr std::int64_t opening_ms = 8 * 3'600'000;
        for (std::int64_t day = 0; day < 4 * 365 && days_until_all < 0; ++day) {
            const auto a_day = honest + with.a_day;
            for (std::uint64_t k = 0; k < a_day; ++k)
                for (std::uint16_t office = 1; office <= 3; ++office) {
                    if (all.is_suspended(office)) continue;
                    const bool is_stolen = random() % a_day < with.a_day;
                    const auto id = is_stolen ? next++ : random() % 2'000'000;
                    const auto now = morning_ms + day * day_ms +
                                     static_cast<std::int64_t>(k) * opening_ms / static_cast<std::int64_t>(a_day);
                    const auto before = exposed.citizens.size();
                    block.ask(asked_about(id, office), by_the_rule, outcome::verified);
                    exposed.ask(all, block, {.agency = office, .officer = 1 + k % 5, .now_unix_ms = now});
                    if (!is_stolen && exposed.citizens.size() != before) exposed.citizens.erase(id);
                }
            if (days_until_alarm < 0 && !exposed.alarms.empty()) days_until_alarm = day + 1;
            if (all.is_suspended(1) && all.is_suspended(2) && all.is_suspended(3)) days_until_all = day + 1;
        }
        MESSAGE("three offices, " << with.name << ": " << exposed.citizens.size() << " exposed, alarm \""
                                  << exposed.first_reason() << "\" on day " << days_until_alarm
                                  << ", all stopped on day " << days_until_all);
        CHECK(days_until_all > 0);
        if (with.a_day > 160) {
            CHECK(days_until_all == 1);
            CHECK(exposed.citizens.size() <= 1'000);
        } else {
            // What stays below every day's threshold is seen by the year's, with what it took until then.
            CHECK(days_until_all < 365);
        }
    }
}

TEST_CASE("one officer who asks about one family") {
    // Six relatives; he knows who they are, and tries values of what he does not know: 40 for each, over and over.
    guards all{watched({{.agency = 9, .subjects_a_day = 3'000, .subjects_a_year = 400'000}})};
    exposure exposed;
    asked_block block;
    std::mt19937_64 random{23};
    std::int64_t now = morning_ms;
    std::uint64_t tried = 0;
    std::uint64_t looked_up = 0;
    std::vector<std::uint64_t> right(6);
    for (auto& each : right) each = 8 + random() % 32;
    for (std::uint64_t guess = 0; guess < 40 && !all.is_suspended(9); ++guess)
        for (std::uint64_t relative = 0; relative < 6 && !all.is_suspended(9); ++relative) {
            block.ask(asked_about(31'199'000'000 + relative, 9), by_the_rule,
                      guess == right[relative] ? outcome::verified : outcome::claim_mismatch);
            now += 4'000;
            ++tried;
            looked_up += exposed.ask(all, block, {.agency = 9, .officer = 5, .now_unix_ms = now});
        }
    MESSAGE("one officer, six relatives, 40 guesses for each: "
            << exposed.citizens.size() << " exposed, " << looked_up << " of " << tried << " guesses looked up, alarm \""
            << exposed.first_reason() << "\" after " << (exposed.first_alarm_ms - morning_ms) / 1000 << " s");
    CHECK(exposed.citizens.empty());
    CHECK(looked_up <= 30);
    CHECK(exposed.first_alarm_ms >= 0);
}

TEST_CASE("a ministry that asks 2 million questions a day and misses 3 % raises no alarm") {
    // A week, with the hours of an office and two peaks a day, 12,000 officers of about 170 citizens a day each, and
    // citizens who come back, some of them often.
    auto options = watched({{.agency = 12, .subjects_a_day = 2'000'000, .subjects_a_year = 60'000'000}});
    options.misses.counters = std::size_t{1} << 26;
    options.quotas.officers_max = std::size_t{1} << 15;
    options.decoys = {999'999'999'999};
    guards all{options};
    exposure exposed;
    asked_block block;
    std::mt19937_64 random{24};
    std::uint64_t asked = 0;
    std::uint64_t answered = 0;
    std::uint64_t misses = 0;
    constexpr double hours[24] = {1, 1, 1, 1, 1, 2, 5, 20, 60, 75, 70, 50, 25, 45, 65, 70, 55, 30, 12, 8, 6, 4, 2, 1};
    constexpr double all_hours = 610;
    constexpr std::int64_t midnight_ms = morning_ms - 8 * 3'600'000;
    constexpr int days = 7;
    for (int day = 0; day < days; ++day)
        for (int minute = 0; minute < 24 * 60; ++minute) {
            std::poisson_distribution<int> arrivals{2'000'000 * hours[minute / 60] / all_hours / 60};
            auto left = arrivals(random);
            const auto now = midnight_ms + day * day_ms + minute * 60'000;
            while (left > 0) {
                const auto size = std::min(left, 25);
                left -= size;
                for (int k = 0; k < size; ++k) {
                    const auto id = random() % 40 == 0 ? random() % 2'000 * 1'000'003 : random() % 30'000'000;
                    const bool is_miss = random() % 1000 < 30;
                    block.ask(asked_about(id, 12, static_cast<std::uint16_t>(1 + random() % 6)), by_the_rule,
                              is_miss ? outcome::claim_mismatch : outcome::verified);
                    misses += is_miss;
                }
                asked += block.requests.size();
                answered += block.pass(all, {.agency = 12, .officer = 1 + asked / 25 % 12'000, .now_unix_ms = now});
                block.clear();
            }
        }
    const auto alarms = all.take_alarms();
    std::set<std::string> reasons;
    for (const auto& each : alarms) reasons.insert(std::string{to_string(each.reason)});
    std::string told;
    for (const auto& each : reasons) told += each + " ";
    MESSAGE("an honest ministry: " << asked << " questions in " << days << " days, " << misses << " misses, "
                                   << asked - answered << " refused, " << alarms.size() << " alarms " << told);
    CHECK(alarms.empty());
    CHECK(asked > days * 1'990'000);
    CHECK(asked - answered < asked / 10'000);
}
