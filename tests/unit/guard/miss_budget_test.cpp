// SPDX-License-Identifier: Apache-2.0
// Misses of citizens are never counted too few: against exact counts, over days, with threads, and through the filter.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <thread>
#include <vector>
#include <xacthuc/guard/miss_budget.hpp>

#include "unit/guard/guard_inputs.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

TEST_CASE("never too few, day by day, and the filter misses nothing") {
    miss_budget budget{{.counters = 4096, .filter_places = 900, .filter_from = 3}};
    const auto places = key_of_tests().places();
    std::mt19937_64 random{7};
    for (std::uint16_t day = 250; day < 262; ++day) {
        std::map<std::uint64_t, unsigned> exact;
        for (int i = 0; i < 3000; ++i) {
            const auto id = random() % 50 == 0 ? random() % 20 : random() % 100'000;
            budget.add(places(id), day);
            ++exact[id];
        }
        std::uint64_t too_many = 0;
        for (const auto& [id, count] : exact) {
            const auto told = budget.count(places(id), day);
            CHECK(told >= std::min(count, 15U));
            if (count >= 3) CHECK(budget.may_have_reached(places(id), day));
            too_many += told - std::min(count, 15U);
        }
        CHECK(too_many > 0);  // so that sharing a counter was tried
        CHECK(budget.count(places(3), static_cast<std::uint16_t>(day + 1)) <= 15);
    }
    constexpr std::uint16_t later = 270;
    for (std::uint64_t id = 0; id < 1000; ++id) {
        CHECK(budget.count(places(id), later) == 0);
        CHECK_FALSE(budget.may_have_reached(places(id), later));
    }
}

TEST_CASE("a thread that is late counts with those of after midnight") {
    miss_budget budget{{.counters = 64, .filter_places = 1, .filter_from = 1}};
    constexpr std::uint16_t before = 255;
    constexpr std::uint16_t after = 256;
    budget.add(42, after);
    budget.add(42, before);
    CHECK(budget.count(42, after) == 2);
    CHECK(budget.count(42, before) == 2);
    CHECK(budget.may_have_reached(42, after));
    CHECK(budget.may_have_reached(42, before));
}

TEST_CASE("never too few with threads, and a counter is full at 15") {
    miss_budget budget{{.counters = 512, .filter_places = 900, .filter_from = 3}};
    const auto places = key_of_tests().places();
    std::vector<std::atomic<unsigned>> exact(300);
    std::atomic<std::uint64_t> too_few{0};
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                std::mt19937_64 random{t};
                for (int i = 0; i < 1000; ++i) {
                    const auto id = random() % exact.size();
                    budget.add(places(id), today);
                    ++exact[id];
                    const auto other = random() % exact.size();
                    const unsigned at_least = std::min(exact[other].load(), 15U);
                    too_few += budget.count(places(other), today) < at_least;
                    too_few += at_least >= 3 && !budget.may_have_reached(places(other), today);
                }
            });
    }
    CHECK(too_few == 0);
    for (std::size_t id = 0; id < exact.size(); ++id)
        CHECK(budget.count(places(id), today) >= std::min(exact[id].load(), 15U));
    for (int i = 0; i < 40; ++i) budget.add(places(1), today);
    CHECK(budget.count(places(1), today) == 15);
}

TEST_CASE("who shares a counter that another filled is not cleared by the filter") {
    miss_budget budget{{.counters = 64, .filter_places = 900, .filter_from = 3}};
    constexpr std::uint64_t first = 0;
    constexpr std::uint64_t second = std::uint64_t{1} << 27;  // the same counter, and the next bit of the filter
    for (int i = 0; i < 20; ++i) budget.add(first, today);
    CHECK(budget.count(second, today) == 15);
    CHECK_FALSE(budget.may_have_reached(second, today));
    budget.add(second, today);
    CHECK(budget.may_have_reached(second, today));
}

TEST_CASE("a restored table counts what the saved one did, and old days are swept") {
    const miss_budget_options options{.counters = 10'000, .filter_places = 3'001, .filter_from = 2};
    miss_budget before{options};
    miss_budget after{options};
    const auto places = key_of_tests().places();
    std::mt19937_64 random{8};
    std::vector<std::uint64_t> ids(2000);
    for (auto& id : ids) before.add(places(id = random() % 1500), today);
    for (std::size_t i = 0; i < before.cells().size(); ++i) after.restore(i, before.cells()[i].load(), today);
    for (const auto id : ids) {
        CHECK(after.count(places(id), today) == before.count(places(id), today));
        if (before.may_have_reached(places(id), today)) CHECK(after.may_have_reached(places(id), today));
    }
    after.forget_before(today + 2);
    for (const auto& word : after.cells()) CHECK((word.load() & day_word::payload_mask) == 0);
    CHECK(miss_budget{}.memory_bytes() < std::size_t{78} << 20);
}
