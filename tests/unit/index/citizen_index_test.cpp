// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <random>
#include <xacthuc/index/citizen_index.hpp>

#include "unit/index/made_records.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

TEST_CASE("every record that was built in is found with its content, and no other id is") {
    constexpr std::uint64_t count = 200'000;
    const auto index = build_index(count);
    CHECK(index.citizens() == count);
    for (std::uint64_t i = 0; i < 2 * count; ++i) {
        const auto found = index.find(personal_id::from_trusted(made_id(i)));
        REQUIRE(found.has_value());
        REQUIRE(found->has_value() == (i < count));
        if (i < count) REQUIRE((*found)->words[1] == made_record(made_id(i), i).words[1]);
    }
    const auto report = index.scrub();
    CHECK(report.live == count);
    CHECK(report.damaged == 0);
}

TEST_CASE("a random run of changes leaves the index equal to a plain map") {
    std::mt19937_64 random{20261123};
    auto index = build_index(1000);
    std::map<std::uint64_t, std::uint64_t> model;
    for (std::uint64_t i = 0; i < 1000; ++i) model[made_id(i)] = i;
    for (int step = 0; step < 20'000; ++step) {
        const auto id = made_id(random() % 30'000);
        if (random() % 4 == 0) {
            const auto erased = index.erase(personal_id::from_trusted(id));
            CHECK(erased.has_value() == (model.erase(id) == 1));
        } else if (const auto content = random() >> 32; index.upsert(made_record(id, content))) {
            model[id] = content;
        }
    }
    CHECK(index.citizens() == model.size());
    for (std::uint64_t i = 0; i < 30'000; ++i) {
        const auto id = made_id(i);
        const auto found = index.find(personal_id::from_trusted(id));
        REQUIRE(found.has_value());
        const auto expected = model.find(id);
        REQUIRE(found->has_value() == (expected != model.end()));
        if (found->has_value()) REQUIRE((*found)->words[1] == made_record(id, expected->second).words[1]);
    }
}

TEST_CASE("a replacement raises the version and keeps the citizen's key") {
    index_builder::options how;
    how.with_keys = true;
    auto index = build_index(100, how);
    const auto id = personal_id::from_trusted(made_id(7));
    public_key key{};
    CHECK_FALSE(index.find_key(id, key));
    public_key mine{};
    mine.bytes.fill(std::byte{42});
    REQUIRE(index.set_key(id, mine).has_value());
    REQUIRE(index.upsert(made_record(id.value(), 777)).has_value());
    CHECK(layout::version.get((*index.find(id))->words[0]) == 2);  // a key is a change too
    REQUIRE(index.find_key(id, key));
    CHECK(key == mine);
    CHECK(index.set_key(personal_id::from_trusted(made_id(5000)), mine).error() == errc::citizen_unknown);
}

TEST_CASE("partitions that fill up grow, and every record is found in them") {
    auto index = build_index(0);
    constexpr std::uint64_t count = 400'000;
    for (std::uint64_t i = 0; i < count; ++i) REQUIRE(index.upsert(made_record(made_id(i), i)).has_value());
    CHECK(index.citizens() == count);
    for (std::uint64_t i = 0; i < 2 * count; ++i)
        REQUIRE((*index.find(personal_id::from_trusted(made_id(i)))).has_value() == (i < count));
    const auto report = index.scrub();
    CHECK(report.live == count);
    CHECK(report.damaged == 0);
    CHECK(index.memory_bytes() < count * 32 * 3);
}

TEST_CASE("freshness is what was set last") {
    auto index = build_index(10);
    index.set_as_of({77, 1'795'000'000'000});
    CHECK(index.as_of().sequence == 77);
    CHECK(index.as_of().as_of_unix_ms == 1'795'000'000'000);
}
