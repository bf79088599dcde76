// SPDX-License-Identifier: Apache-2.0
// Quotas: what is admitted in a time stays within its bound, for blocks, single questions and threads, and what is
// refused is not charged. That decisions are those of the crate governor is shown in tests/guard_peer.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>
#include <xacthuc/guard/quota.hpp>

#include "unit/guard/guard_inputs.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using rate_cell = basic_rate_cell<word_table::word>;
using day_count = basic_day_count<word_table::word>;

[[nodiscard]] rule a_second(std::uint32_t n) {
    return {.may_ask = all_claims, .per_second = n};
}
[[nodiscard]] rule a_day(std::uint32_t n) {
    return {.may_ask = all_claims, .per_day = n};
}

}  // namespace

TEST_CASE("a block is charged as its questions would be one by one") {
    std::mt19937_64 random{1};
    for (int run = 0; run < 300; ++run) {
        word_table::word together{0};
        word_table::word singly{0};
        const auto interval = 1 + random() % 5'000'000;
        const auto burst = 1 + random() % 50;
        std::int64_t now = morning_ms * 1'000'000;
        for (int i = 0; i < 200; ++i) {
            now += static_cast<std::int64_t>(random() % (interval * 4));
            const auto wanted = static_cast<std::uint32_t>(1 + random() % 60);
            std::uint32_t one_by_one = 0;
            for (std::uint32_t k = 0; k < wanted; ++k) one_by_one += rate_cell::charge(singly, interval, burst, now, 1);
            CHECK(rate_cell::charge(together, interval, burst, now, wanted) == one_by_one);
            CHECK(together.load() == singly.load());
        }
    }
}

TEST_CASE("in any stretch of time at most the burst and the rate are admitted") {
    std::mt19937_64 random{2};
    for (const std::uint32_t rate : {1U, 3U, 500U, 7'919U}) {
        quota limits{{.pairs_max = 16, .officers_max = 1, .lease = 8}};
        const auto by = a_second(rate);
        std::vector<std::pair<std::int64_t, std::uint64_t>> admitted{{0, 0}};
        std::uint64_t total = 0;
        for (std::int64_t ms = 0; ms < 5'000; ms += static_cast<std::int64_t>(random() % 20)) {
            total += limits.charge(1, 1, by, morning_ms + ms, today, static_cast<std::uint32_t>(random() % 600));
            admitted.emplace_back(ms, total);
        }
        for (std::size_t i = 0; i < admitted.size(); i += 7)
            for (std::size_t j = i + 1; j < admitted.size(); j += 5) {
                const auto ms = static_cast<std::uint64_t>(admitted[j].first - admitted[i].first);
                CHECK(admitted[j].second - admitted[i].second <= rate + rate * ms / 1000 + 1);
            }
        // And they are all admitted to who keeps asking.
        CHECK(total + 1 >= std::uint64_t{rate} * 5);
    }
}

TEST_CASE("a limit a day is that many on each day of Vietnam, and a day that is over does not come back") {
    quota limits{{.pairs_max = 16, .officers_max = 1, .lease = 8}};
    const auto by = a_day(1000);
    CHECK(limits.charge(1, 1, by, morning_ms, today, 600) == 600);
    CHECK(limits.charge(1, 1, by, morning_ms + 1, today, 600) == 400);
    CHECK(limits.charge(1, 1, by, morning_ms + 2, today, 1) == 0);
    CHECK(limits.charge(1, 2, by, morning_ms + 2, today, 1) == 1);
    const std::uint16_t tomorrow = today + 1;
    CHECK(limits.charge(1, 1, by, morning_ms + day_ms, tomorrow, 700) == 700);
    CHECK(limits.charge(1, 1, by, morning_ms, today, 700) == 300);
    CHECK(policy_day_of(morning_ms - 9 * 3'600'000) != today);
}

TEST_CASE("what the second refuses is given back to the day") {
    quota limits{{.pairs_max = 16, .officers_max = 1, .lease = 8}};
    const rule by{.may_ask = all_claims, .per_second = 10, .per_day = 25};
    CHECK(limits.charge(1, 1, by, morning_ms, today, 100) == 10);
    CHECK(limits.charge(1, 1, by, morning_ms + 1000, today, 100) == 10);
    CHECK(limits.charge(1, 1, by, morning_ms + 2000, today, 100) == 5);
    CHECK(limits.charge(1, 1, by, morning_ms + 3000, today, 100) == 0);
    const rule never{.may_ask = all_claims, .per_second = 0};
    CHECK(limits.charge(2, 1, never, morning_ms, today, 1) == 0);
}

TEST_CASE("a full table refuses") {
    quota limits{{.pairs_max = 8, .officers_max = 8, .lease = 8}};
    const auto by = a_day(10);
    std::uint32_t admitted = 0;
    for (std::uint16_t procedure = 1; procedure <= 20; ++procedure)
        admitted += limits.charge(1, procedure, by, morning_ms, today, 1);
    CHECK(admitted == 8);
    CHECK(limits.charge(1, 100, rule{.may_ask = all_claims}, morning_ms, today, 5) == 5);
    std::size_t officers = 0;
    for (std::uint64_t officer = 1; officer <= 20; ++officer) officers += limits.officer_place(1, officer).has_value();
    CHECK(officers == 8);
}

TEST_CASE("threads together are admitted what one would be") {
    word_table::word cell{0};
    word_table::word count{0};
    constexpr std::uint32_t threads_count = 4;
    std::atomic<std::uint64_t> by_rate{0};
    std::atomic<std::uint64_t> by_day{0};
    {
        std::vector<std::jthread> threads;
        for (std::uint32_t t = 0; t < threads_count; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 20'000; ++i) {
                    by_rate += rate_cell::charge(cell, 1000, 5000, 1'000'000'000, t + 1);
                    by_day += day_count::charge(count, 7777, today, t + 1);
                }
            });
    }
    CHECK(by_rate == 5000);
    CHECK(by_day == 7777);
    CHECK(day_count::used(count.load(), today) == 7777);
}

TEST_CASE("threads that ask singly are admitted at most the limit, and what they lease is not lost") {
    quota limits{{.pairs_max = 16, .officers_max = 1, .lease = 8}};
    const auto by = a_day(10'000);
    std::atomic<std::uint64_t> admitted{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                std::uint64_t mine = 0;
                for (int i = 0; i < 5'000; ++i) mine += limits.charge_one(1, 1, by, morning_ms + i / 10, today);
                admitted += mine;
            });
    }
    CHECK(admitted <= 10'000);
    CHECK(admitted >= 10'000 - 4 * 8);
    // One thread that changes between pairs: what it leased for one is given back when it takes for the other.
    quota two{{.pairs_max = 16, .officers_max = 1, .lease = 8}};
    std::uint64_t first = 0;
    for (int i = 0; i < 30'000; ++i) first += two.charge_one(1, 1, by, morning_ms + i * 300, today);
    CHECK(first == 10'000);
}
