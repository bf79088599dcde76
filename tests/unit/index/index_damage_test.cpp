// SPDX-License-Identifier: Apache-2.0
// A bit flipped in memory must never turn into an answer.
#include <cstring>
#include <xacthuc/index/citizen_index.hpp>

#include "unit/index/made_records.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

TEST_CASE("any one flipped bit of a line leaves each lookup right or makes it a damaged_record") {
    constexpr std::uint64_t count = 40'000;
    const auto index = build_index(count);
    std::uint64_t damaged = 0;
    for (std::uint64_t i = 0; i < 60; ++i) {
        const auto partition = partition_of(placement_hash(made_id(i), index.placement_seed()));
        const auto block = index.block(partition);
        auto* const bytes = const_cast<std::byte*>(block.data());
        for (std::size_t bit = sizeof(block_head) * 8; bit < block.size() * 8; ++bit) {
            const auto mask = static_cast<std::byte>(1U << bit % 8);
            bytes[bit / 8] ^= mask;
            const auto found = index.find(personal_id::from_trusted(made_id(i)));
            if (!found) {
                REQUIRE(found.error() == errc::damaged_record);
                ++damaged;
            } else {
                REQUIRE(found->has_value());
                REQUIRE((*found)->words[1] == made_record(made_id(i), i).words[1]);
            }
            bytes[bit / 8] ^= mask;
        }
    }
    // Each of the citizens' own 256 bits was among them; only the frozen bit of word 0 is no damage.
    CHECK(damaged >= 60 * 255);
}

TEST_CASE("a flipped bit never makes an unknown id known") {
    const auto index = build_index(40'000);
    for (std::uint64_t i = 0; i < 60; ++i) {
        const auto unknown = made_id(1'000'000 + i);
        const auto block = index.block(partition_of(placement_hash(unknown, index.placement_seed())));
        auto* const bytes = const_cast<std::byte*>(block.data());
        for (std::size_t bit = sizeof(block_head) * 8; bit < block.size() * 8; ++bit) {
            const auto mask = static_cast<std::byte>(1U << bit % 8);
            bytes[bit / 8] ^= mask;
            const auto found = index.find(personal_id::from_trusted(unknown));
            REQUIRE((!found || !found->has_value()));
            bytes[bit / 8] ^= mask;
        }
    }
}

TEST_CASE("a scrub finds each flipped bit of a live record") {
    const auto index = build_index(20'000);
    const auto partition = partition_of(placement_hash(made_id(3), index.placement_seed()));
    const auto block = index.block(partition);
    auto* const bytes = const_cast<std::byte*>(block.data());
    CHECK(index.scrub(partition, 1).damaged == 0);
    for (std::size_t bit = sizeof(block_head) * 8; bit < block.size() * 8; ++bit) {
        const bool is_frozen_bit = bit % 256 == 63;
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        record before;
        std::memcpy(&before, bytes + bit / 256 * 32, sizeof before);
        bytes[bit / 8] ^= mask;
        const auto report = index.scrub(partition, 1);
        if (before.words[0] != 0 && !is_frozen_bit) REQUIRE(report.damaged >= 1);
        bytes[bit / 8] ^= mask;
    }
}
