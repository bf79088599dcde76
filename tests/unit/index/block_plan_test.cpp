// SPDX-License-Identifier: Apache-2.0
#include "index/block_plan.hpp"

#include <algorithm>
#include <random>
#include <vector>
#include <xacthuc/index/citizen_index.hpp>

#include "index/placement.hpp"
#include "unit/index/made_records.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Citizens of each partition, as random ids and a seed would have it.
[[nodiscard]] std::vector<std::uint64_t> scattered(std::uint64_t citizens, std::uint64_t seed) {
    std::vector<std::uint64_t> records(partition_count);
    for (std::uint64_t i = 0; i < citizens; ++i) ++records[partition_of(placement_hash(made_id(i), seed))];
    return records;
}

[[nodiscard]] std::uint64_t lines_of(const block_plan& plan) {
    std::uint64_t all = 0;
    for (const auto lines : plan.lines) all += lines;
    return all;
}

}  // namespace

TEST_CASE("citizens scattered by chance get regular blocks only, at about the load asked for") {
    for (const std::uint64_t citizens : {0U, 1U, 300U, 5'000U, 60'000U, 1'000'000U})
        for (std::uint64_t seed = 0; seed < 3; ++seed) {
            const auto records = scattered(citizens, seed);
            const auto plan = plan_blocks(records).value();
            CAPTURE(citizens);
            CHECK(std::ranges::count(plan.lines, plan.regular_lines) == partition_count);
            for (std::size_t p = 0; p < partition_count; ++p) REQUIRE(records[p] < plan.lines[p] * slots_per_line);
            if (citizens == 1'000'000) CHECK(plan.regular_lines <= 60);
        }
}

TEST_CASE("partitions that hold more than chance would put there do not make the others larger") {
    auto records = scattered(100'000, 1);
    const auto before = plan_blocks(records).value();
    records[3] = 5'000;
    records[16'383] = 200'000;
    const auto plan = plan_blocks(records).value();
    CHECK(plan.regular_lines <= before.regular_lines + 1);
    CHECK(std::ranges::count(plan.lines, plan.regular_lines) == partition_count - 2);
    CHECK(plan.lines[3] == lines_for(5'000, block_load_wanted));
    CHECK(plan.lines[16'383] == lines_for(200'000, block_load_wanted));
}

TEST_CASE("however the citizens lie, blocks take a small multiple of what they need, and hold them") {
    std::mt19937_64 random{3};
    for (int round = 0; round < 60; ++round) {
        auto records = scattered(random() % 300'000, random());
        const auto crowded = random() % 4 == 0 ? random() % partition_count : random() % 20;
        for (std::uint64_t i = 0; i < crowded; ++i) records[random() % partition_count] = random() % 3'000;
        std::uint64_t total = 0;
        for (const auto one : records) total += one;
        const auto plan = plan_blocks(records).value();
        for (std::size_t p = 0; p < partition_count; ++p) REQUIRE(records[p] < plan.lines[p] * slots_per_line);
        // A slot holds a citizen; beyond that what chance asks for, for each partition.
        CHECK(lines_of(plan) <= 3 * total + 16 * partition_count);
        const auto again = adapt_blocks(plan.lines, records).value();
        CHECK(again == plan);
    }
}

TEST_CASE("blocks that are there keep their size while it does, and shrink when they were inflated") {
    const auto records = scattered(200'000, 0);
    const auto plan = plan_blocks(records).value();
    CHECK(adapt_blocks(plan.lines, scattered(204'000, 0)).value() == plan);
    CHECK(adapt_blocks(plan.lines, scattered(195'000, 0)).value() == plan);
    CHECK(adapt_blocks(plan.lines, scattered(100'000, 0)).value().regular_lines < plan.regular_lines);
    CHECK(adapt_blocks(plan.lines, scattered(400'000, 0)).value().regular_lines > plan.regular_lines);
    const std::vector<std::uint32_t> inflated(partition_count, 3'000);
    CHECK(adapt_blocks(inflated, records).value() == plan);
    auto outlier = plan.lines;
    outlier[9] = 700;
    CHECK(adapt_blocks(outlier, records).value() == plan);
}

TEST_CASE("a partition that cannot hold its citizens is told") {
    std::vector<std::uint64_t> records(partition_count, 10);
    records[77] = 2'000'000;
    const auto plan = plan_blocks(records);
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().code == errc::index_full);
    CHECK(plan.error().context.find("partition 77") != std::string::npos);
}
