// SPDX-License-Identifier: Apache-2.0
// Alarms come out as they went in; a full queue drops the new ones and counts them, and nobody waits.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>
#include <xacthuc/guard/alarm.hpp>

using namespace xacthuc;

TEST_CASE("first in, first out, round and round; full drops") {
    alarm_queue queue{4};
    for (std::uint64_t round = 0; round < 5; ++round) {
        for (std::uint64_t i = 0; i < 6; ++i)
            CHECK(queue.put({.number = round * 10 + i, .reason = alarm_reason::decoy}) == (i < 4));
        for (std::uint64_t i = 0; i < 4; ++i) CHECK(queue.take()->number == round * 10 + i);
        CHECK_FALSE(queue.take().has_value());
        CHECK(queue.dropped() == 2 * (round + 1));
    }
}

TEST_CASE("of many threads each alarm comes out once or is counted as dropped") {
    alarm_queue queue{64};
    std::atomic<bool> is_done{false};
    std::multiset<std::uint64_t> seen;
    std::jthread host{[&] {
        for (bool was_done = false; !was_done;) {
            was_done = is_done;
            while (const auto next = queue.take()) seen.insert(next->number);
        }
    }};
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t t = 0; t < 3; ++t)
            threads.emplace_back([&, t] {
                for (std::uint64_t i = 0; i < 5000; ++i) queue.put({.number = t * 10'000 + i});
            });
    }
    is_done = true;
    host.join();
    CHECK(seen.size() + queue.dropped() == 15'000);
    CHECK(std::set<std::uint64_t>(seen.begin(), seen.end()).size() == seen.size());
}

TEST_CASE("every reason has a name of its own") {
    std::set<std::string_view> names;
    for (std::size_t i = 1; i <= alarm_reason_count; ++i) names.insert(to_string(static_cast<alarm_reason>(i)));
    CHECK(names.size() == alarm_reason_count);
    CHECK(!names.contains(""));
    CHECK(to_string(alarm_reason{}).empty());
}
