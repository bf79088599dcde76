// SPDX-License-Identifier: Apache-2.0
// The moving averages follow the share of failures, in whole numbers.
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <random>
#include <xacthuc/guard/miss_ratio.hpp>

using namespace xacthuc;

TEST_CASE("both averages find the share that fails, in blocks of any size") {
    std::mt19937_64 random{9};
    for (const double share : {0.0, 0.03, 0.5, 1.0}) {
        std::atomic<std::uint64_t> fast{0};
        std::atomic<std::uint64_t> slow{0};
        miss_ratio ratio{fast, slow};
        std::binomial_distribution<std::uint32_t> fails;
        double fast_sum = 0;
        int blocks = 0;
        for (std::uint64_t asked = 0; asked < 600'000;) {
            const auto block = static_cast<std::uint32_t>(1 + random() % 512);
            const auto failed = fails(random, std::binomial_distribution<std::uint32_t>::param_type{block, share});
            const auto shares = ratio.add(failed, block);
            asked += block;
            if (asked < 100'000) continue;
            fast_sum += shares.fast_per_mille;
            ++blocks;
        }
        CHECK(std::abs(fast_sum / blocks - share * 1000) < 4);
        CHECK(std::abs(ratio.now().slow_per_mille - share * 1000) < 4);
    }
}

TEST_CASE("one by one they come near the share as well") {
    std::mt19937_64 random{10};
    std::atomic<std::uint64_t> fast{0};
    std::atomic<std::uint64_t> slow{0};
    miss_ratio ratio{fast, slow};
    for (int i = 0; i < 500'000; ++i) ratio.add(random() % 100 < 3 ? 1 : 0, 1);
    CHECK(ratio.now().slow_per_mille >= 27);
    CHECK(ratio.now().slow_per_mille <= 33);
}

TEST_CASE("the fast one follows a change within some hundred questions, the slow one does not") {
    std::atomic<std::uint64_t> fast{0};
    std::atomic<std::uint64_t> slow{0};
    miss_ratio ratio{fast, slow};
    for (std::uint32_t i = 0; i < 4000; ++i) ratio.add(i % 3, 50);
    const auto before = ratio.now();
    for (int i = 0; i < 8; ++i) ratio.add(60, 64);
    const auto after = ratio.now();
    CHECK(before.fast_per_mille < 30);
    CHECK(after.fast_per_mille > 500);
    CHECK(after.slow_per_mille < before.slow_per_mille + 10);
    // A run longer than the width leaves only its own.
    ratio.add(100, 100'000);
    CHECK(ratio.now().fast_per_mille <= 1);
}
