// SPDX-License-Identifier: Apache-2.0
// Ids that somebody chose to come to one place: what is in the log is made, however long the path is, and what would
// make it longer is refused before it is in the log.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "index/placement.hpp"
#include "index/table.hpp"
#include "unit/registry/small_registry.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

// Ids of one partition whose homes lie in its first quarter, by the seed of small_registry.
std::vector<std::uint64_t> crowd(std::size_t count) {
    std::vector<std::uint64_t> ids;
    for (std::uint64_t id = 400'000'000'000; ids.size() < count; ++id) {
        const auto hash = placement_hash_inline(id, 0);
        if (partition_of(hash) == 77 && (hash & 0xffff'ffff) < std::uint64_t{1} << 30) ids.push_back(id);
    }
    return ids;
}

change arrival(std::uint64_t id, const digest_key& key) {
    return change::upsert(
        make_record(
            {.id = personal_id::from_trusted(id), .name = "Nguyễn An", .birth = date::from_parts(1990, 2).value()}, key)
            .value());
}

}  // namespace

TEST_CASE("a durable crowd of chosen ids is in memory, and nobody is added to it" * doctest::test_suite("slow")) {
    const small_registry at;
    REQUIRE(at.create().has_value());
    auto ids = crowd(4'001);
    // Whose home is the first has the whole crowd on the path.
    const auto low = [](std::uint64_t id) { return placement_hash_inline(id, 0) & 0xffff'ffff; };
    std::ranges::swap(*std::ranges::min_element(ids, {}, low), ids.back());
    const auto last = arrival(ids.back(), at.digests);
    ids.pop_back();
    std::vector<change> changes;
    for (const auto id : ids) changes.push_back(arrival(id, at.digests));
    {
        auto opened = at.open().value();
        const auto made = opened.apply(changes);
        REQUIRE(made.has_value());
        std::vector<refused_change> refused;
        const auto more = opened.apply({&last, 1}, &refused);
        REQUIRE(!more);
        CHECK(more.error().code == errc::changes_refused);
        REQUIRE(refused.size() == 1);
        CHECK(refused.front().why == errc::path_too_long);
        CHECK(opened.index().as_of().sequence == made->sequence);
        // Who is there already is changed all the same.
        CHECK(opened.apply({&changes.back(), 1}).has_value());
        REQUIRE(opened.apply(std::vector{change::erase(personal_id::from_trusted(ids.front()))}).has_value());
    }
    const auto again = at.open().value();
    for (const auto id : ids)
        REQUIRE(again.index().find(personal_id::from_trusted(id)).value().has_value() == (id != ids.front()));
}
