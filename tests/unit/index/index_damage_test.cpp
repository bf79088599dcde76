// SPDX-License-Identifier: Apache-2.0
// A bit flipped in memory must never turn into an answer.
#include <algorithm>
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
    // Each of the citizens' own 256 bits was among them; only the closed bit of word 0 is no damage.
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
        const bool is_closed_bit = bit % 256 == 63;
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        record before;
        std::memcpy(&before, bytes + bit / 256 * 32, sizeof before);
        bytes[bit / 8] ^= mask;
        const auto report = index.scrub(partition, 1);
        if (before.words[0] != 0 && !is_closed_bit) REQUIRE(report.damaged >= 1);
        bytes[bit / 8] ^= mask;
    }
}

TEST_CASE("a scrub finds a closed line that records lie beyond") {
    const auto index = build_index(40'000);
    std::uint64_t lines_passed = 0;
    for (std::size_t partition = 0; partition < 200; ++partition) {
        const auto block = index.block(partition);
        auto* const bytes = const_cast<std::byte*>(block.data());
        const auto word_of = [&](std::size_t slot) {
            std::uint64_t word;
            std::memcpy(&word, bytes + sizeof(block_head) + slot * sizeof(record), sizeof word);
            return word;
        };
        const auto line_count = (block.size() - sizeof(block_head)) / sizeof(line);
        for (std::size_t number = 0; number < line_count; ++number) {
            const auto first = word_of(2 * number);
            const auto second = word_of(2 * number + 1);
            const bool is_full =
                slot_word::state_of(first) == slot_state::live && slot_word::state_of(second) == slot_state::live;
            if (!is_full || slot_word::line_is_closed(first, second)) continue;
            ++lines_passed;
            const auto flip = [&](std::size_t slot) {
                bytes[sizeof(block_head) + slot * sizeof(record) + 7] ^= std::byte{0x80};
            };
            flip(2 * number);
            REQUIRE(index.scrub(partition, 1).damaged == 0);
            flip(2 * number + 1);
            REQUIRE(index.scrub(partition, 1).damaged != 0);
            flip(2 * number);
            flip(2 * number + 1);
        }
    }
    CHECK(lines_passed > 0);
}

TEST_CASE("a full line that nothing passed is closed, and open before something lies beyond it") {
    auto index = build_index(40'000);
    const auto closed_lines_of = [&](std::size_t partition) {
        std::uint64_t found = 0;
        const auto block = index.block(partition);
        for (auto at = sizeof(block_head); at < block.size(); at += sizeof(line)) {
            std::uint64_t first;
            std::uint64_t second;
            std::memcpy(&first, block.data() + at, sizeof first);
            std::memcpy(&second, block.data() + at + sizeof(record), sizeof second);
            found += slot_word::line_is_closed(first, second) ? 1 : 0;
        }
        return found;
    };
    std::size_t most = 0;
    for (std::size_t partition = 0; partition < partition_count; ++partition)
        if (closed_lines_of(partition) > closed_lines_of(most)) most = partition;
    const auto closed = closed_lines_of(most);
    REQUIRE(closed > 0);
    const auto ids = ids_in_partition(most, 60);
    std::uint64_t fewest = closed;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        REQUIRE(index.upsert(made_record(ids[i], i)).has_value());
        fewest = std::min(fewest, closed_lines_of(most));
        for (std::size_t k = 0; k <= i; ++k) {
            const auto found = index.find(personal_id::from_trusted(ids[k]));
            REQUIRE(found.has_value());
            REQUIRE(found->has_value());
            REQUIRE(layout::closed.get((*found)->words[0]) == 0);
        }
        REQUIRE(index.scrub(most, 1).damaged == 0);
    }
    CHECK(fewest < closed);
}
