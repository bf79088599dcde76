// SPDX-License-Identifier: Apache-2.0
#include "population/permutation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace xacthuc;

TEST_CASE("every place is reached once, for every size") {
    for (std::uint64_t n = 1; n < 300; ++n) {
        const permutation order{n * 3, n};
        std::vector<bool> reached(n);
        for (std::uint32_t i = 0; i < n; ++i) {
            REQUIRE(order(i) < n);
            REQUIRE_FALSE(reached[order(i)]);
            reached[order(i)] = true;
        }
    }
}

TEST_CASE("large sizes, and the largest") {
    for (const std::uint64_t n : {std::uint64_t{1'000'000}, std::uint64_t{65'536}, std::uint64_t{999'983}}) {
        const permutation order{1, n};
        std::vector<bool> reached(n);
        for (std::uint32_t i = 0; i < n; ++i) reached[order(i)] = true;
        CHECK(std::find(reached.begin(), reached.end(), false) == reached.end());
    }
    const permutation largest{1, 4'294'967'295};
    CHECK(largest(4'294'967'294) < 4'294'967'295);
}

TEST_CASE("seeds give different orders, spread evenly") {
    const permutation a{1, 100'000}, b{2, 100'000};
    int same = 0;
    std::vector<int> tenths(10);
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        same += a(i) == b(i);
        ++tenths[a(i) / 10'000];
    }
    CHECK(same < 10);
    for (const int tenth : tenths) CHECK(std::abs(tenth - 1'000) < 150);
}
