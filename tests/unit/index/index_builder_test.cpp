// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <thread>
#include <vector>
#include <xacthuc/index/index_builder.hpp>

#include "unit/index/made_records.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] bool same_blocks(const citizen_index& a, const citizen_index& b) {
    for (std::size_t p = 0; p < partition_count; ++p)
        if (!std::ranges::equal(a.block(p), b.block(p))) return false;
    return true;
}

}  // namespace

TEST_CASE("the same records give the same bytes, whatever the threads and their order") {
    constexpr std::uint64_t count = 50'000;
    const auto one = build_index(count, {.placement_seed = 9}, 1);
    auto builder = index_builder::create({.placement_seed = 9});
    REQUIRE(builder.has_value());
    {
        std::vector<std::jthread> threads;
        for (std::uint64_t t = 0; t < 3; ++t)
            threads.emplace_back([&, t] {
                auto appender = builder->make_appender();
                for (std::uint64_t i = count; i-- > 0;)
                    if (i % 3 == t && !appender.append(made_record(made_id(i), i), i)) return;
            });
    }
    const auto three = std::move(*builder).build(3);
    REQUIRE(three.has_value());
    CHECK(three->citizens() == count);
    CHECK(same_blocks(one, *three));
}

TEST_CASE("of records with one id the one with the greatest ordinal stays, and the others are listed") {
    auto builder = index_builder::create({.placement_seed = 0});
    REQUIRE(builder.has_value());
    {
        auto later = builder->make_appender();
        auto earlier = builder->make_appender();
        REQUIRE(later.append(made_record(5, 30), 30).has_value());
        REQUIRE(earlier.append(made_record(5, 10), 10).has_value());
        REQUIRE(earlier.append(made_record(5, 20), 20).has_value());
        REQUIRE(earlier.append(made_record(6, 11), 11).has_value());
    }
    std::vector<index_builder::duplicate> duplicates;
    const auto index = std::move(*builder).build(2, &duplicates);
    REQUIRE(index.has_value());
    CHECK(index->citizens() == 2);
    CHECK((*index->find(personal_id::from_trusted(5)))->words[1] == made_record(5, 30).words[1]);
    REQUIRE(duplicates.size() == 2);
    CHECK(duplicates[0].id == 5);
    CHECK(duplicates[0].dropped_ordinal == 10);
    CHECK(duplicates[1].dropped_ordinal == 20);
    CHECK(duplicates[1].kept_ordinal == 30);
}

TEST_CASE("keys lie beside their records") {
    index_builder::options how;
    how.with_keys = true;
    auto builder = index_builder::create(how);
    REQUIRE(builder.has_value());
    constexpr std::uint64_t count = 5000;
    const auto key_of = [](std::uint64_t i) {
        public_key key{};
        key.bytes[0] = static_cast<std::byte>(i);
        key.bytes[31] = static_cast<std::byte>(i >> 8);
        return key;
    };
    {
        auto appender = builder->make_appender();
        for (std::uint64_t i = 0; i < count; ++i)
            REQUIRE(appender.append(made_record(made_id(i), i), i, key_of(i)).has_value());
    }
    const auto index = std::move(*builder).build(2);
    REQUIRE(index.has_value());
    for (std::uint64_t i = 1; i < count; ++i) {
        public_key key{};
        REQUIRE(index->find_key(personal_id::from_trusted(made_id(i)), key));
        REQUIRE(key == key_of(i));
    }
}

TEST_CASE("rows of one citizen take no room: capacity is planned from citizens") {
    const auto once = build_index(1'000);
    auto builder = index_builder::create({.placement_seed = 0});
    REQUIRE(builder.has_value());
    {
        auto appender = builder->make_appender();
        for (std::uint64_t i = 0; i < 1'000; ++i) REQUIRE(appender.append(made_record(made_id(i), i), i).has_value());
        for (std::uint64_t i = 0; i < 200'000; ++i)
            REQUIRE(appender.append(made_record(made_id(7), 7), 1'000 + i).has_value());
    }
    const auto index = std::move(*builder).build(2);
    REQUIRE(index.has_value());
    CHECK(index->citizens() == 1'000);
    CHECK(index->memory_bytes() == once.memory_bytes());
    CHECK(same_blocks(*index, once));
}

TEST_CASE("ids chosen to fall into one partition make that one larger, and no other") {
    const auto ids = ids_in_partition(4711, 2'000);
    const auto scattered_count = std::uint64_t{20'000};
    const auto usual = build_index(scattered_count);
    auto builder = index_builder::create({.placement_seed = 0});
    REQUIRE(builder.has_value());
    {
        auto appender = builder->make_appender();
        for (std::uint64_t i = 0; i < scattered_count; ++i)
            REQUIRE(appender.append(made_record(made_id(i), i), i).has_value());
        for (const auto id : ids) REQUIRE(appender.append(made_record(id, id), scattered_count + id).has_value());
    }
    auto built = std::move(*builder).build(2);
    REQUIRE(built.has_value());
    auto& index = *built;
    constexpr std::size_t page_bytes = std::size_t{2} << 20;  // what memory is taken in
    CHECK(index.memory_bytes() <= usual.memory_bytes() + 64 * ids.size() + page_bytes);
    CHECK(irregular_partitions(index) == 1);
    const auto check_all = [&] {
        for (const auto id : ids) REQUIRE((*index.find(personal_id::from_trusted(id)))->words[1] != 0);
        for (std::uint64_t i = 0; i < scattered_count; ++i)
            REQUIRE(index.find(personal_id::from_trusted(made_id(i)))->has_value());
        CHECK(index.scrub().damaged == 0);
    };
    check_all();
    // Changes move the table away and home again: that home is not where arithmetic would look for it.
    for (int round = 0; round < 20; ++round)
        for (const auto id : ids)
            REQUIRE(index.upsert(made_record(id, id + static_cast<std::uint64_t>(round))).has_value());
    CHECK(irregular_partitions(index) == 1);
    check_all();
}

TEST_CASE("a million changes of one citizen leave the index as large as it was" * doctest::test_suite("slow")) {
    auto index = build_index(5'000);
    const auto before = index.memory_bytes();
    // More than there are versions: they begin again.
    for (std::uint64_t i = 0; i < 1'100'000; ++i) REQUIRE(index.upsert(made_record(made_id(9), i)).has_value());
    CHECK(index.memory_bytes() <= before + 4'096);
    CHECK((*index.find(personal_id::from_trusted(made_id(9))))->words[1] == made_record(1, 1'099'999).words[1]);
}

TEST_CASE("a register that cannot fit into memory is refused before work starts") {
    index_builder::options how;
    how.citizens_expected = std::uint64_t{1} << 40;
    const auto builder = index_builder::create(how);
    REQUIRE_FALSE(builder.has_value());
    CHECK(builder.error().code == errc::out_of_memory);
}

TEST_CASE("a citizen takes at most 54 bytes at the default load, beside what each partition takes anyway" *
          doctest::test_suite("slow")) {
    constexpr std::uint64_t count = 3'000'000;
    const auto index = build_index(count);
    std::size_t block_total = 0;
    for (std::size_t p = 0; p < partition_count; ++p) block_total += index.block(p).size();
    // A head and a line of rounding for each partition, 0.02 bytes a citizen at 107 million.
    const auto a_partition = partition_count * (sizeof(block_head) + sizeof(line));
    CHECK(static_cast<double>(block_total - a_partition) / count <= 54.0);
    CHECK(index.memory_bytes() >= block_total);
}

TEST_CASE("the placement seed is drawn at random unless it is given") {
    const auto seed_of = [](const index_builder::options& how) {
        return std::move(index_builder::create(how).value()).build(1).value().placement_seed();
    };
    CHECK(seed_of({.placement_seed = 0}) == 0);
    CHECK(seed_of({.placement_seed = 77}) == 77);
    CHECK(seed_of({}) != seed_of({}));
}
