// SPDX-License-Identifier: Apache-2.0
// Partitions whose blocks are larger than the others', as ids chosen for it would have them: every kernel finds
// everybody.
#include <algorithm>
#include <filesystem>
#include <xacthuc/registry/snapshot.hpp>

#include "unit/engine/small_nation.hpp"
#include "unit/registry/scratch_directory.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr std::uint64_t citizens = 30'000;
constexpr std::uint64_t first_chosen = 990'000'000'000;  // no province has such numbers
constexpr std::array<std::size_t, 3> crowded{0, 5'000, partition_count - 1};

[[nodiscard]] citizen_index build_crowded(const population& people) {
    auto builder = index_builder::create({.placement_seed = 0, .as_of = {1, 1'795'000'000'000}}).value();
    {
        auto appender = builder.make_appender();
        std::vector<record> records(citizens);
        people.fill_records(0, records, test_key());
        for (std::uint64_t i = 0; i < citizens; ++i) appender.append(records[i], i).value();
        auto left = std::size_t{1'500};
        for (auto id = first_chosen; left != 0; ++id) {
            if (std::ranges::count(crowded, partition_of(placement_hash(id, 0))) == 0) continue;
            appender.append(make_record({.id = personal_id::from_trusted(id)}, test_key()).value(), id).value();
            --left;
        }
    }
    return std::move(builder).build(2).value();
}

}  // namespace

TEST_CASE("crowded partitions: every kernel gives what was planted, from an index built, loaded and mapped") {
    const small_nation nation{citizens};
    const auto index = build_crowded(nation.people());
    REQUIRE(index.citizens() == citizens + 1'500);
    const scratch_directory place;
    const auto path = place / "snapshot-1.xts";
    const auto authority = authority_key::generate();
    REQUIRE(save_snapshot(index, path, authority).has_value());
    const auto loaded = load_snapshot(path, authority.public_key());
    REQUIRE(loaded.has_value());
    const auto mapped = map_snapshot(path, authority.public_key());
    REQUIRE(mapped.has_value());
    const auto q = nation.ask(0, 60'000);
    std::vector<verdict> answers(q.requests.size());
    for (const auto& kernel : kernels::available())
        for (const auto* served : {&index, &*loaded, &*mapped}) {
            INFO(kernel.name);
            kernel.verify(*served, q.requests, answers);
            CHECK(std::ranges::equal(answers, q.expected));
            // Few at a time: other ways of asking whether a partition is regular.
            for (std::size_t i = 0; i + 7 <= 700; i += 7) kernel.verify(*served, {&q.requests[i], 7}, {&answers[i], 7});
            CHECK(std::ranges::equal(answers, q.expected));
        }
}
