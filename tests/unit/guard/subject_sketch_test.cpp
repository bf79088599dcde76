// SPDX-License-Identifier: Apache-2.0
// Estimates of different citizens are within the error that 4,096 registers have. That they are as good as those of
// Apache DataSketches is shown in tests/guard_peer.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <thread>
#include <utility>
#include <vector>
#include <xacthuc/guard/subject_sketch.hpp>
#include <xacthuc/guard/word_table.hpp>

#include "unit/guard/guard_inputs.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using one_sketch = basic_subject_sketch<word_table::word>;

}  // namespace

TEST_CASE("the error is 1.6 % at every size, of ids in a row and of scattered ones") {
    const auto places = key_of_tests().places();
    const auto mark = day_word::mark_of(today);
    for (const std::uint64_t stride : {std::uint64_t{1}, std::uint64_t{1'000'003}}) {
        word_table memory{sketch_words};
        double squares = 0;
        int looks = 0;
        std::uint64_t next_look = 100;
        constexpr std::uint64_t rounds = 24;
        for (std::uint64_t round = 0; round < rounds; ++round) {
            const auto round_mark = day_word::mark_of(static_cast<std::uint16_t>(today + round));
            one_sketch sketch{memory.words()};
            next_look = 100;
            for (std::uint64_t n = 1; n <= 100'000; ++n) {
                sketch.add(places(round * 1'000'000'007 + n * stride), round_mark);
                if (n != next_look) continue;
                const auto error = sketch.estimate(round_mark) / static_cast<double>(n) - 1;
                CHECK(std::abs(error) < 5 * 0.01625);
                squares += error * error;
                ++looks;
                next_look = next_look * 2;
            }
        }
        const auto deviation = std::sqrt(squares / looks);
        MESSAGE("ids " << stride << " apart: standard error " << 100 * deviation << " %");
        CHECK(deviation < 0.018);
    }
    word_table empty{sketch_words};
    CHECK(one_sketch{empty.words()}.estimate(mark) == 0);
}

TEST_CASE("repeated citizens count once, and a new day begins at none") {
    const auto places = key_of_tests().places();
    word_table memory{subject_sketch::memory_words};
    subject_sketch sketch{memory.words()};
    const subject_sketch::date first{today, 322};
    subject_sketch::growth grown;
    for (int times = 0; times < 3; ++times)
        for (std::uint64_t id = 0; id < 1000; ++id) sketch.add(places(id), first, grown);
    CHECK(std::abs(sketch.day_estimate(first.day) - 1000) < 80);
    CHECK(sketch.day_estimate(static_cast<std::uint16_t>(today + 1)) == 0);
    const subject_sketch::date second{static_cast<std::uint16_t>(today + 1), 322};
    for (std::uint64_t id = 500; id < 1500; ++id) sketch.add(places(id), second, grown);
    CHECK(std::abs(sketch.day_estimate(second.day) - 1000) < 80);
    CHECK(std::abs(sketch.year_estimate(322) - 1500) < 120);
}

TEST_CASE("what is added up on the way is what a look at all registers says") {
    const auto places = key_of_tests().places();
    word_table memory{subject_sketch::memory_words};
    subject_sketch sketch{memory.words()};
    for (std::uint16_t day = today; day < today + 3; ++day) {
        std::uint64_t next_look = 1;
        subject_sketch::growth grown;
        for (std::uint64_t n = 1; n <= 3'000'000; ++n) {
            const auto place = places(std::uint64_t{day} << 32 | n);
            const bool may_grow = place <= sketch.last_place_that_grows(day);
            const auto before = grown.day_sum;
            sketch.add(place, {day, 322}, grown);
            REQUIRE((may_grow || grown.day_sum == before));
            if (n != next_look) continue;
            const auto noted = sketch.note(std::exchange(grown, {}), day);
            CHECK(noted == doctest::Approx(sketch.day_estimate(day)).epsilon(1e-4));
            next_look += next_look / 4 + 1;
        }
        CHECK(sketch.last_place_that_grows(day) < ~std::uint64_t{0} >> 5);
        const auto noted = sketch.note(std::exchange(grown, {}), day);
        sketch.recount(day);
        CHECK(sketch.note({}, day) == doctest::Approx(noted).epsilon(1e-6));
    }
}

TEST_CASE("a year is the union of thirteen months, and the fourteenth is forgotten") {
    const auto places = key_of_tests().places();
    word_table memory{subject_sketch::memory_words};
    subject_sketch sketch{memory.words()};
    subject_sketch::growth grown;
    // 1,000 new citizens each month, and the same 500 every month.
    for (std::uint16_t month = 0; month < 30; ++month) {
        const subject_sketch::date when{static_cast<std::uint16_t>(9000 + 30 * month),
                                        static_cast<std::uint16_t>(300 + month)};
        for (std::uint64_t id = 0; id < 1000; ++id) sketch.add(places(1'000'000 + 1000 * month + id), when, grown);
        for (std::uint64_t id = 0; id < 500; ++id) sketch.add(places(id), when, grown);
        const double expected = 500 + 1000.0 * std::min<int>(month + 1, 13);
        CHECK(std::abs(sketch.year_estimate(when.month) / expected - 1) < 0.07);
    }
}

TEST_CASE("threads together make the sketch that one would") {
    const auto places = key_of_tests().places();
    const auto mark = day_word::mark_of(today);
    word_table by_one{sketch_words};
    word_table by_four{sketch_words};
    for (std::uint64_t id = 0; id < 40'000; ++id) one_sketch{by_one.words()}.add(places(id), mark);
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                for (std::uint64_t id = t; id < 40'000 + t; ++id)
                    one_sketch{by_four.words()}.add(places(id % 40'000), mark);
            });
    }
    for (std::size_t i = 0; i < sketch_words; ++i) CHECK(by_one[i].load() == by_four[i].load());
}
