// SPDX-License-Identifier: Apache-2.0
#include "index/epoch.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using xacthuc::epoch;

TEST_CASE("the oldest epoch is that of the reader who entered first and has not left") {
    epoch e;
    CHECK(e.oldest_entered() == e.current());
    const auto before = e.current();
    {
        const auto reader = e.enter();
        e.advance();
        e.advance();
        CHECK(e.oldest_entered() == before);
        const auto second = e.enter();
        CHECK(e.oldest_entered() == before);
    }
    CHECK(e.oldest_entered() == e.current());
    CHECK(e.current() == before + 2);
}

TEST_CASE("many readers entering and leaving leave none behind") {
    epoch e;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 2000; ++i) {
                    const auto outer = e.enter();
                    const auto inner = e.enter();
                    if (i % 16 == 0) e.advance();
                }
            });
    }
    CHECK(e.oldest_entered() == e.current());
}
