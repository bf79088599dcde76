// SPDX-License-Identifier: Apache-2.0
// What guards do for eight questions at a time is what they do for one, of blocks of every size.
#include "guard/guard_lanes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>
#include <xacthuc/guard/miss_budget.hpp>
#include <xacthuc/guard/subject_sketch.hpp>
#include <xacthuc/guard/word_table.hpp>

#include "unit/guard/guard_inputs.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::size_t block_max = 512;
using numbers = std::vector<std::uint16_t>;

template <class List>
[[nodiscard]] numbers listed(const List& list) {
    numbers to(block_max + list_slack, 0xffff);
    to.resize(list(to.data()));
    return to;
}

// Blocks of every small size, and some of all sizes up to the largest.
[[nodiscard]] std::vector<std::size_t> sizes() {
    std::vector<std::size_t> all;
    for (std::size_t size = 1; size <= block_max; size += size < 70 ? 1 : 37) all.push_back(size);
    all.push_back(block_max);
    return all;
}

}  // namespace

TEST_CASE("places are those of each id") {
    std::mt19937_64 random{1};
    const auto place_of = key_of_tests().places();
    std::vector<request> requests(block_max);
    for (auto& each : requests)
        for (auto& word : each.words) word = random();
    for (const auto& lanes : available_guard_lanes())
        for (const auto size : sizes()) {
            std::vector<std::uint64_t> places(size);
            lanes.find_places(std::span{requests}.first(size), place_of, places.data());
            for (std::size_t i = 0; i < size; ++i) REQUIRE(places[i] == place_of(requests[i].id()));
        }
}

TEST_CASE("who is in doubt is whom the filter does not clear, on every day") {
    std::mt19937_64 random{2};
    miss_budget budget{{.counters = 4096, .filter_places = 900, .filter_from = 1}};
    std::vector<std::uint64_t> places(block_max);
    for (auto& each : places) each = random();
    for (std::size_t i = 0; i < places.size(); i += 3)
        budget.add(places[i], static_cast<std::uint16_t>(today + i % 2 * 10));
    for (const int later : {-1, 0, 3, 10, 250}) {
        const auto day = static_cast<std::uint16_t>(today + later);
        for (const auto& lanes : available_guard_lanes())
            for (const auto size : sizes()) {
                numbers expected;
                for (std::size_t i = 0; i < size; ++i)
                    if (budget.may_have_reached(places[i], day)) expected.push_back(static_cast<std::uint16_t>(i));
                REQUIRE(listed([&](std::uint16_t* to) {
                            return lanes.list_doubted(std::span{places}.first(size), budget.filter(day), to);
                        }) == expected);
            }
    }
}

TEST_CASE("who failed is who was not verified") {
    std::mt19937_64 random{3};
    std::vector<verdict> verdicts(block_max);
    for (auto& each : verdicts) {
        const auto what = random() % 3 == 0 ? outcome::claim_mismatch : outcome::verified;
        each = {what, static_cast<claim_mask>(random()), 0, 0};
    }
    for (const auto& lanes : available_guard_lanes())
        for (const auto size : sizes()) {
            numbers expected;
            for (std::size_t i = 0; i < size; ++i)
                if (verdicts[i].outcome() != outcome::verified) expected.push_back(static_cast<std::uint16_t>(i));
            REQUIRE(listed([&](std::uint16_t* to) { return lanes.list_failed(std::span{verdicts}.first(size), to); }) ==
                    expected);
        }
}

TEST_CASE("nobody who changes a sketch is left out, however full it is") {
    std::mt19937_64 random{4};
    word_table memory{subject_sketch::memory_words};
    subject_sketch sketch{memory.words()};
    std::vector<std::uint64_t> places(block_max);
    for (int seen = 0; seen < 400'000; seen += 40'000) {
        for (auto& each : places) each = random();
        for (const int later : {0, 1}) {
            const auto day = static_cast<std::uint16_t>(today + later);
            // What each would change, in a sketch of its own.
            std::vector<bool> changes;
            for (std::size_t i = 0; i < 20; ++i) {
                word_table copied{subject_sketch::memory_words};
                const auto word = places[i] % sketch_words;
                copied[word].store(memory[word].load());
                subject_sketch::growth grown;
                subject_sketch{copied.words()}.add(places[i], {day, 322}, grown);
                changes.push_back(!grown.none());
            }
            for (const auto& lanes : available_guard_lanes())
                for (const auto size : sizes()) {
                    const auto growing = listed([&](std::uint16_t* to) {
                        return lanes.list_growing(std::span{places}.first(size), sketch, day, to);
                    });
                    CHECK(std::ranges::is_sorted(growing));
                    for (std::size_t i = 0; i < std::min(size, changes.size()); ++i)
                        if (changes[i]) REQUIRE(std::ranges::binary_search(growing, static_cast<std::uint16_t>(i)));
                }
        }
        subject_sketch::growth grown;
        for (int n = 0; n < 40'000; ++n) sketch.add(random(), {today, 322}, grown);
        sketch.note(grown, today);
    }
}
