// SPDX-License-Identifier: Apache-2.0
// Checkpoints, what they leave behind, and repairs.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>
#include <random>
#include <thread>
#include <xacthuc/registry/background_scrub.hpp>

#include "index/slot.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/small_registry.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr auto number_end = small_registry::number_end;

[[nodiscard]] std::vector<std::string> snapshots_in(const small_registry& at) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{at.directory})
        if (entry.path().extension() == ".xts") names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

void flip_bit(const std::filesystem::path& file, std::streamoff offset) {
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekg(offset);
    const auto was = static_cast<char>(bytes.get());
    bytes.seekp(offset);
    bytes.put(static_cast<char>(was ^ 1));
}

// In memory, behind the index's back.
void flip_a_bit_of_every_record(const citizen_index& index, std::size_t partition) {
    auto* const bytes = const_cast<std::byte*>(index.block(partition).data());
    block_head head;
    std::memcpy(&head, bytes, sizeof head);
    for (std::size_t slot = 0; slot < head.line_count * slots_per_line; ++slot) {
        auto* const at = bytes + sizeof head + slot * sizeof(record);
        if (at[0] != std::byte{0}) at[9] ^= std::byte{4};
    }
}

// Changes citizen 17's ward so often, then takes a checkpoint.
[[nodiscard]] detailed_result<checkpoint_facts> update_one_citizen(registry& in, const small_registry& at,
                                                                   std::uint32_t times) {
    constexpr std::uint32_t batch = 10'000;
    std::vector<change> changes;
    for (std::uint32_t done = 0; done < times; done += batch) {
        changes.clear();
        for (auto i = done; i < std::min(done + batch, times); ++i)
            changes.push_back(change::upsert(sample_citizen(17, (i + 2) % 90'000, at.digests)));
        if (auto applied = in.apply(changes); !applied) return applied.error();
    }
    return in.checkpoint();
}

}  // namespace

TEST_CASE("a checkpoint holds the register as it was at its number, and the log before the older one is gone") {
    for (const bool with_keys : {false, true}) {
        small_registry at{with_keys};
        REQUIRE(succeeded(at.create()));
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        CHECK(!opened->checkpoint().value().written);
        for (int round = 0; round < 4; ++round) {
            REQUIRE(succeeded(opened->apply(at.next_changes(60))));
            const auto done = opened->checkpoint({.threads = 2});
            REQUIRE(succeeded(done));
            CHECK(done->written);
            CHECK(done->changes_merged == 60);
            CHECK(done->as_of.sequence == opened->index().as_of().sequence);
            CHECK(done->citizens == at.expected.size());
            CHECK(snapshots_in(at).size() == 2);
            const auto alone = load_snapshot(done->snapshot, at.authority.public_key());
            REQUIRE(succeeded(alone));
            CHECK(read_register(*alone, number_end) == at.expected);
            CHECK(alone->as_of().sequence == done->as_of.sequence);
            CHECK(alone->scrub().damaged == 0);
        }
        REQUIRE(succeeded(opened->apply(at.next_changes(5))));
        REQUIRE(succeeded(opened->checkpoint({.snapshots_kept = 1})));
        CHECK(snapshots_in(at) == std::vector<std::string>{"snapshot-252.xts"});
        REQUIRE(succeeded(opened->apply(at.next_changes(5))));
        REQUIRE(succeeded(opened->close()));
        const auto again = at.open();
        REQUIRE(succeeded(again));
        CHECK(again->opening().changes_replayed == 5);
        CHECK(read_register(again->index(), number_end) == at.expected);
    }
}

TEST_CASE("partitions grow at a checkpoint when they have to") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    std::vector<change> changes;
    for (std::uint64_t i = 0; i < 60'000; ++i) changes.push_back(change::upsert(sample_citizen(i, 2, at.digests)));
    REQUIRE(succeeded(opened->apply(changes)));
    const auto done = opened->checkpoint();
    REQUIRE(succeeded(done));
    CHECK(done->citizens == 60'000);
    const auto alone = load_snapshot(done->snapshot, at.authority.public_key());
    REQUIRE(succeeded(alone));
    CHECK(alone->scrub().live == 60'000);
    CHECK(alone->scrub().damaged == 0);
}

TEST_CASE("one busy citizen does not inflate the register") {
    for (const bool with_keys : {false, true}) {
        small_registry at{with_keys};
        REQUIRE(succeeded(at.create()));
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        const auto memory_before = opened->index().memory_bytes();
        const auto file_before = std::filesystem::file_size(at.directory / "snapshot-7.xts");
        const auto done = update_one_citizen(*opened, at, 3'000);
        REQUIRE(succeeded(done));
        CHECK(done->citizens == small_registry::first_count);
        CHECK(done->file_bytes == file_before);
        CHECK(opened->index().memory_bytes() <= memory_before + 4'096);
        REQUIRE(succeeded(opened->close()));
        const auto again = at.open();
        REQUIRE(succeeded(again));
        CHECK(again->index().memory_bytes() == memory_before);
        CHECK(layout::ward.get((*again->index().find(sample_id(17)))->words[2]) == 3'001);
    }
}

TEST_CASE("a million updates of one citizen and a checkpoint leave a citizen's bytes as they were" *
          doctest::test_suite("slow")) {
    small_registry at{false};
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    const auto memory_before = opened->index().memory_bytes();
    const auto file_before = std::filesystem::file_size(at.directory / "snapshot-7.xts");
    // More than there are versions.
    const auto done = update_one_citizen(*opened, at, 1'100'000);
    REQUIRE(succeeded(done));
    CHECK(done->file_bytes == file_before);
    CHECK(opened->index().memory_bytes() <= memory_before + 4'096);
    const auto alone = load_snapshot(done->snapshot, at.authority.public_key());
    REQUIRE(succeeded(alone));
    CHECK(alone->memory_bytes() == memory_before);
    CHECK((*alone->find(sample_id(17)))->words == (*opened->index().find(sample_id(17)))->words);
}

TEST_CASE("a checkpoint gives partitions what their citizens need, and takes it back when they are gone") {
    small_registry at{false};
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    const auto file_before = std::filesystem::file_size(at.directory / "snapshot-7.xts");
    const auto seed = opened->index().placement_seed();
    const auto change_all = [&](std::span<const std::uint64_t> numbers, bool erases) {
        std::vector<change> changes;
        for (const auto number : numbers) {
            changes.push_back(erases ? change::erase(sample_id(number))
                                     : change::upsert(sample_citizen(number, 9, at.digests)));
            make_in(at.expected, changes.back());
        }
        REQUIRE(succeeded(opened->apply(changes)));
        const auto done = opened->checkpoint({.threads = 2});
        REQUIRE(succeeded(done));
        const auto alone = load_snapshot(done->snapshot, at.authority.public_key());
        REQUIRE(succeeded(alone));
        CHECK(alone->scrub().damaged == 0);
        CHECK(alone->citizens() == at.expected.size());
        for (const auto& [number, facts] : at.expected) REQUIRE(alone->find(sample_id(number)).value().has_value());
        return done->file_bytes;
    };
    // Numbers chosen to fall into one partition.
    std::vector<std::uint64_t> chosen;
    for (std::uint64_t number = 1'000; chosen.size() < 1'000; ++number)
        if (partition_of(placement_hash(sample_id(number).value(), seed)) == 77) chosen.push_back(number);
    CHECK(change_all(chosen, false) <= file_before + 64 * chosen.size());
    CHECK(change_all(chosen, true) == file_before);
    // Numbers anywhere.
    std::vector<std::uint64_t> many;
    for (std::uint64_t number = 1'000; number < 61'000; ++number) many.push_back(number);
    CHECK(change_all(many, false) > file_before + 32 * many.size());
    CHECK(change_all(many, true) <= file_before + 64 * partition_count);
}

TEST_CASE("whatever changes, a checkpoint is what replaying the log gives, and no larger than it need be") {
    std::mt19937_64 random{8};
    for (int run = 0; run < 2; ++run) {
        small_registry at;
        REQUIRE(succeeded(at.create()));
        const auto open_again = [&] {
            auto opened = at.open();
            REQUIRE(succeeded(opened));
            return std::move(*opened);
        };
        std::optional<registry> opened{open_again()};
        for (int round = 0; round < 4; ++round) {
            auto changes = at.next_changes(random() % 300 + 1);
            const auto busy = random() % small_registry::number_end;
            for (auto often = random() % 2'000; often > 0; --often) {
                changes.push_back(change::upsert(sample_citizen(busy, static_cast<std::uint32_t>(often), at.digests)));
                make_in(at.expected, changes.back());
            }
            REQUIRE(succeeded(opened->apply(changes)));
            // In memory by the log, on disk by the checkpoint.
            opened.reset();
            opened.emplace(open_again());
            const auto done = opened->checkpoint();
            REQUIRE(succeeded(done));
            const auto alone = load_snapshot(done->snapshot, at.authority.public_key());
            REQUIRE(succeeded(alone));
            CHECK(read_register(*alone, number_end) == at.expected);
            CHECK(read_register(opened->index(), number_end) == at.expected);
            CHECK(done->file_bytes <= std::uint64_t{12} << 20);
        }
    }
}

TEST_CASE("checkpoints while several threads apply: nothing is lost, and each snapshot is what the log says") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    sample_register in_memory;
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        // Writers may be so many batches ahead of the checkpoints: enough to be there all through one, and few enough
        // that the snapshots of a slow machine do not grow with its slowness.
        constexpr std::uint32_t batches_a_checkpoint = 400;
        constexpr int checkpoint_count = 5;
        std::atomic<std::uint32_t> allowed{batches_a_checkpoint};
        std::atomic<bool> stop{false};
        std::atomic<int> wrong{0};
        std::vector<std::jthread> writers;
        for (std::uint32_t thread = 0; thread < 2; ++thread)
            writers.emplace_back([&, thread] {
                for (std::uint32_t round = 0; !stop; ++round) {
                    while (round >= allowed && !stop) std::this_thread::sleep_for(std::chrono::microseconds{200});
                    std::vector<change> changes;
                    for (std::uint64_t i = 0; i < 5; ++i)
                        changes.push_back(change::upsert(sample_citizen(
                            number_end + thread * 100'000'000 + round * 5 + i, round % 90'000, at.digests)));
                    if (!opened->apply(changes)) ++wrong;
                }
            });
        for (int round = 0; round < checkpoint_count; ++round, allowed += batches_a_checkpoint) {
            const auto done = opened->checkpoint();
            REQUIRE(succeeded(done));
            const auto alone = load_snapshot(done->snapshot, at.authority.public_key());
            REQUIRE(succeeded(alone));
            // Nobody is ever removed, so a snapshot at a number has as many citizens as that number says.
            CHECK(alone->citizens() == small_registry::first_count + (done->as_of.sequence - 7));
        }
        stop = true;
        writers.clear();
        CHECK(wrong == 0);
        in_memory = read_register(opened->index(), 5000);
    }
    const auto again = at.open();
    REQUIRE(succeeded(again));
    CHECK(read_register(again->index(), 5000) == in_memory);
}

TEST_CASE("a damaged newest snapshot: the one before and the log make up for it, and the next checkpoint drops it") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        REQUIRE(succeeded(opened->apply(at.next_changes(30))));
        REQUIRE(succeeded(opened->checkpoint()));
        REQUIRE(succeeded(opened->apply(at.next_changes(30))));
    }
    REQUIRE(snapshots_in(at) == std::vector<std::string>{"snapshot-37.xts", "snapshot-7.xts"});
    flip_bit(at.directory / "snapshot-37.xts", 2'000'000);
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    REQUIRE(opened->opening().unusable_snapshots.size() == 1);
    CHECK(opened->opening().unusable_snapshots[0].code == errc::checksum_mismatch);
    CHECK(opened->opening().snapshot_as_of.sequence == 7);
    CHECK(opened->opening().changes_replayed == 60);
    CHECK(read_register(opened->index(), number_end) == at.expected);
    REQUIRE(succeeded(opened->checkpoint()));
    CHECK(snapshots_in(at) == std::vector<std::string>{"snapshot-67.xts", "snapshot-7.xts"});
    REQUIRE(succeeded(opened->close()));
    const auto again = at.open();
    REQUIRE(succeeded(again));
    CHECK(again->opening().unusable_snapshots.empty());
    CHECK(read_register(again->index(), number_end) == at.expected);
}

TEST_CASE("a partition damaged in memory is found and rebuilt from snapshot and log") {
    for (const bool with_keys : {false, true}) {
        small_registry at{with_keys};
        REQUIRE(succeeded(at.create()));
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        REQUIRE(succeeded(opened->apply(at.next_changes(40))));
        REQUIRE(succeeded(opened->checkpoint()));
        REQUIRE(succeeded(opened->apply(at.next_changes(40))));
        const auto whole = opened->scrub();
        REQUIRE(succeeded(whole));
        CHECK(whole->partitions == partition_count);
        CHECK(whole->live == at.expected.size());
        CHECK(whole->damaged_slots == 0);

        const auto number = at.expected.begin()->first;
        const auto partition =
            partition_of(placement_hash(sample_id(number).value(), opened->index().placement_seed()));
        flip_a_bit_of_every_record(opened->index(), partition);
        const auto mended = opened->scrub(partition, 1);
        REQUIRE(succeeded(mended));
        CHECK(mended->damaged_slots > 0);
        CHECK(mended->partitions_repaired == 1);
        CHECK(mended->damaged_partitions == std::vector<std::size_t>{partition});
        CHECK(opened->scrub().value().damaged_slots == 0);
        CHECK(read_register(opened->index(), number_end) == at.expected);
        REQUIRE(succeeded(opened->apply(at.next_changes(40))));
        CHECK(read_register(opened->index(), number_end) == at.expected);
    }
}

TEST_CASE("without the authority's key there are no checkpoints, and a reader makes none") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    {
        auto writer = registry::open(at.directory, at.authority.public_key());
        REQUIRE(succeeded(writer));
        CHECK(code_of(writer->checkpoint()) == errc::read_only);
    }
    auto reader = at.open_to_read();
    REQUIRE(succeeded(reader));
    CHECK(code_of(reader->checkpoint()) == errc::read_only);
}

TEST_CASE("a background scrub goes through the register over and over and mends what is damaged meanwhile") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    REQUIRE(succeeded(opened->apply(at.next_changes(40))));
    const auto number = at.expected.begin()->first;
    const auto partition = partition_of(placement_hash(sample_id(number).value(), opened->index().placement_seed()));
    flip_a_bit_of_every_record(opened->index(), partition);
    const background_scrub scrub{*opened, {.partitions_per_second = 1e6}};
    while (scrub.so_far().passes < 1) std::this_thread::yield();
    CHECK(!scrub.so_far().last_failure);
    for (int i = 0; i < 20; ++i) REQUIRE(succeeded(opened->apply(at.next_changes(5))));
    while (scrub.so_far().passes < 3) std::this_thread::yield();
    const auto found = scrub.so_far().found;
    CHECK(found.partitions >= 3 * partition_count);
    CHECK(found.damaged_partitions == std::vector<std::size_t>{partition});
    CHECK(read_register(opened->index(), number_end) == at.expected);
}

TEST_CASE("a durable change that meets a damaged partition has it rebuilt and goes on") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    REQUIRE(succeeded(opened->apply(at.next_changes(40))));
    // Many citizens in one partition, so that others than the one who changes are damaged in it.
    const auto seed = opened->index().placement_seed();
    const auto partition = partition_of(placement_hash(sample_id(1).value(), seed));
    std::vector<change> neighbours;
    for (std::uint64_t number = 1'000; neighbours.size() < 20; ++number)
        if (partition_of(placement_hash(sample_id(number).value(), seed)) == partition)
            neighbours.push_back(change::upsert(sample_citizen(number, 5, at.digests)));
    REQUIRE(succeeded(opened->apply(neighbours)));
    flip_a_bit_of_every_record(opened->index(), partition);
    for (std::uint32_t round = 0; round < 200; ++round) {
        const std::vector<change> two{change::upsert(neighbours[0].after), change::upsert(neighbours[1].after)};
        REQUIRE(succeeded(opened->apply(two)));
    }
    CHECK(opened->index().scrub(partition, 1).damaged == 0);
    for (const auto& one : neighbours) {
        const auto found = opened->index().find(personal_id::from_trusted(one.id()));
        REQUIRE(found.has_value());
        REQUIRE(found->has_value());
        CHECK((*found)->words[2] == one.after.words[2]);
    }
}
