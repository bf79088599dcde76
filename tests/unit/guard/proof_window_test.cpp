// SPDX-License-Identifier: Apache-2.0
// Used proofs: each is taken once within its time, whatever the threads and their clocks; a full table refuses.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <thread>
#include <vector>
#include <xacthuc/guard/proof_window.hpp>

#include "unit/guard/guard_inputs.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

TEST_CASE("a proof is taken once, for as long as it may be used") {
    proof_window window{{.entries = 1 << 13, .max_age_ms = 1000, .max_ahead_ms = 100, .generation_ms = 1}};
    std::mt19937_64 random{4};
    std::map<std::uint64_t, std::int64_t> used;  // fingerprint: issued
    std::int64_t now = morning_ms;
    std::uint64_t repeats = 0;
    for (int i = 0; i < 60'000; ++i) {
        now += static_cast<std::int64_t>(random() % 3);
        const auto issued = now - 1000 + static_cast<std::int64_t>(random() % 1101);
        const auto fingerprint = random();
        REQUIRE(window.take(fingerprint, issued, now) == outcome::verified);
        used[fingerprint] = issued;
        const auto again = used.upper_bound(random());
        if (again == used.end()) continue;
        const auto told = window.take(again->first, again->second, now);
        if (now - again->second > 1000) {
            CHECK(told == outcome::proof_expired);
            used.erase(again);
        } else {
            ++repeats;
            CHECK(told == outcome::proof_repeated);
        }
    }
    CHECK(repeats > 1000);
    CHECK(window.take(1, now - 1001, now) == outcome::proof_expired);
    CHECK(window.take(1, now + 101, now) == outcome::proof_not_yet_valid);
    CHECK(window.take(1, -5, now) == outcome::proof_expired);
}

TEST_CASE("a full table refuses, and takes again when its proofs are too old to be used") {
    proof_window window{{.entries = 64, .max_age_ms = 1000, .max_ahead_ms = 100, .generation_ms = 1}};
    std::mt19937_64 random{5};
    int taken = 0;
    int full = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto told = window.take(random(), morning_ms, morning_ms);
        taken += told == outcome::verified;
        full += told == outcome::proofs_full;
    }
    CHECK(taken == 64);
    CHECK(taken + full == 1000);
    CHECK(window.take(random(), morning_ms + 2300, morning_ms + 2300) == outcome::verified);
    // A thread whose clock stands brings a proof of before: what was used of that time is not known any more.
    CHECK(window.take(random(), morning_ms, morning_ms) == outcome::proof_expired);
    CHECK(proof_window{}.memory_bytes() == std::size_t{128} << 20);
}

TEST_CASE("proofs of before a start can be refused") {
    proof_window window{{.entries = 64}};
    window.refuse_until(morning_ms + 30'000);
    CHECK(window.take(1, morning_ms, morning_ms) == outcome::proof_expired);
    CHECK(window.take(1, morning_ms + 30'000, morning_ms + 10'000) == outcome::proof_expired);
    CHECK(window.take(1, morning_ms + 30'001, morning_ms + 30'000) == outcome::verified);
}

TEST_CASE("of threads that bring the same proofs one takes each, though their clocks differ") {
    proof_window window{{.entries = 1 << 14, .max_age_ms = 50, .max_ahead_ms = 50, .generation_ms = 1}};
    constexpr std::size_t proofs = 20'000;
    std::vector<std::atomic<int>> taken(proofs);
    {
        std::vector<std::jthread> threads;
        for (std::int64_t t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                std::mt19937_64 random{static_cast<std::uint64_t>(t)};
                for (std::size_t i = 0; i < proofs; ++i) {
                    const auto which = i - std::min<std::size_t>(i, random() % 300);
                    const auto issued = morning_ms + static_cast<std::int64_t>(which / 5);
                    const auto now = morning_ms + static_cast<std::int64_t>(i / 5) + t * 5 - 10;
                    if (window.take((which + 1) * 0x9e37'79b9'7f4a'7c15, issued, now) == outcome::verified)
                        ++taken[which];
                }
            });
    }
    for (const auto& each : taken) CHECK(each <= 1);
}

TEST_CASE("what is saved and restored is known again, and old entries are swept") {
    const proof_window_options options{.entries = 1 << 10, .max_age_ms = 1000, .max_ahead_ms = 100, .generation_ms = 1};
    proof_window before{options};
    std::mt19937_64 random{6};
    std::vector<std::uint64_t> prints(200);
    for (auto& each : prints) CHECK(before.take(each = random(), morning_ms, morning_ms) == outcome::verified);
    proof_window after{options};
    after.restore_newest(before.newest());
    before.for_each_entry([&](std::size_t i, std::uint64_t entry) { after.restore(i, entry); });
    for (const auto each : prints) CHECK(after.take(each, morning_ms, morning_ms + 1) == outcome::proof_repeated);
    CHECK(after.take(random(), morning_ms + 5000, morning_ms + 5000) == outcome::verified);
    after.forget_old();
    std::size_t left = 0;
    after.for_each_entry([&](std::size_t, std::uint64_t) { ++left; });
    CHECK(left == 1);
}
