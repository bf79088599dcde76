// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>
#include <xacthuc/engine/engine.hpp>

#include "registry/database.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/small_registry.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

constexpr auto number_end = small_registry::number_end;

// Runs a statement on the log behind the registry's back.
void tamper(const small_registry& at, const char* statement) {
    static constexpr database_gate gate;
    const auto log = database::open(at.directory / "changes.sqlite", gate, database::access::write);
    REQUIRE(succeeded(log));
    REQUIRE(succeeded(log->run(statement)));
}

void damage(const std::filesystem::path& file, std::streamoff offset) {
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekg(offset);
    const auto was = static_cast<char>(bytes.get());
    bytes.seekp(offset);
    bytes.put(static_cast<char>(was ^ 1));
}

[[nodiscard]] std::uint64_t sequence_of(const registry& r) {
    return r.index().as_of().sequence;
}

}  // namespace

TEST_CASE("what was applied is seen at once, and again after reopening") {
    for (const bool with_keys : {false, true}) {
        small_registry at{with_keys};
        REQUIRE(succeeded(at.create()));
        {
            auto opened = at.open();
            REQUIRE(succeeded(opened));
            CHECK(sequence_of(*opened) == 7);
            for (const std::size_t count : {1U, 10U, 500U}) {
                const auto changes = at.next_changes(count);
                const auto before = sequence_of(*opened);
                const auto done = opened->apply(changes);
                REQUIRE(succeeded(done));
                CHECK(done->sequence == before + count);
                CHECK(sequence_of(*opened) == done->sequence);
                CHECK(opened->index().as_of().as_of_unix_ms == done->as_of_unix_ms);
                CHECK(read_register(opened->index(), number_end) == at.expected);
            }
            CHECK(succeeded(opened->close()));
        }
        const auto again = at.open();
        REQUIRE(succeeded(again));
        CHECK(again->opening().changes_replayed == 511);
        CHECK(sequence_of(*again) == 518);
        CHECK(read_register(again->index(), number_end) == at.expected);
        CHECK(again->index().citizens() == at.expected.size());
    }
}

TEST_CASE("a verdict that begins after apply() has returned reflects it") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    const engine answers{opened->index()};
    for (std::uint32_t ward = 2; ward < 20; ++ward) {
        const auto changed = change::upsert(sample_citizen(3, ward, at.digests));
        const auto done = opened->apply({&changed, 1});
        REQUIRE(succeeded(done));
        claim_set said{.id = sample_id(3)};
        said.ward = ward;
        const auto asked = prepare(said, at.digests).value();
        verdict answer;
        const auto as_of = answers.verify({&asked, 1}, {&answer, 1});
        CHECK(answer.outcome() == outcome::verified);
        CHECK(as_of.sequence >= done->sequence);
    }
}

TEST_CASE("what killed processes left half written is swept by the writer, and nothing else is") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    const std::vector<std::string> abandoned{
        "snapshot-9.xts.saving-0123456789abcdef", "snapshot-12345.xts.saving-00000000000000ff",
        "digest.key.saving-0123456789abcdef", "authority.pub.saving-aaaaaaaaaaaaaaaa"};
    const std::vector<std::string> others{"snapshot-9.xts.saving-0123456789abcdeg",
                                          "snapshot-9.xts.saving-0123",
                                          "snapshot-x.xts.saving-0123456789abcdef",
                                          "notes.saving-0123456789abcdef",
                                          ".saving-0123456789abcdef",
                                          "digest.key.backup"};
    const auto is_there = [&](const std::string& name) { return std::filesystem::exists(at.directory / name); };
    const auto leave = [&] {
        for (const auto* names : {&abandoned, &others})
            for (const auto& name : *names) std::ofstream{at.directory / name} << "half";
    };
    const auto check_swept = [&] {
        CHECK(std::ranges::none_of(abandoned, is_there));
        CHECK(std::ranges::all_of(others, is_there));
    };
    leave();
    {
        const auto reader = at.open_to_read();
        REQUIRE(succeeded(reader));
        CHECK(std::ranges::all_of(abandoned, is_there));
    }
    auto writer = at.open();
    REQUIRE(succeeded(writer));
    check_swept();
    REQUIRE(succeeded(writer->apply(at.next_changes(3))));
    leave();
    // Somebody still writes this one.
    const auto begun = open_file::create(system_file_calls(), at.directory / "snapshot-8.xts.saving-bbbbbbbbbbbbbbbb");
    REQUIRE(succeeded(begun));
    REQUIRE(begun->try_lock() == open_file::lock_state::held);
    REQUIRE(succeeded(writer->checkpoint()));
    check_swept();
    CHECK(std::filesystem::exists(begun->path()));
}

TEST_CASE("a batch with bad changes is refused whole, with the place and reason of each") {
    small_registry at{false};
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    auto damaged = sample_citizen(5, 9, at.digests);
    damaged.words[1] ^= 1;
    auto spare = sample_citizen(5, 9, at.digests);
    spare.words[2] |= std::uint64_t{1} << 60;
    spare = with_integrity(spare);
    auto day = sample_citizen(5, 9, at.digests);
    day.words[2] = (day.words[2] & ~layout::birth.mask()) | layout::birth_day.put(31) | layout::birth_month.put(2) |
                   layout::birth_year.put(190);
    day = with_integrity(day);
    record nobody = with_integrity({});
    const std::vector<change> changes{
        change::upsert(sample_citizen(1, 9, at.digests)),
        change::upsert(damaged),
        change::upsert(spare),
        change::upsert(day),
        change::upsert(nobody),
        change::erase(sample_id(399)),  // was never there
        change::upsert(sample_citizen(399, 9, at.digests)),
        change::erase(sample_id(399)),                 // is, by now
        change::erase(sample_id(399)),                 // is no longer
        change::set_key(sample_id(1), sample_key(1)),  // no key column
        change::upsert(sample_citizen(2, 9, at.digests), sample_key(2)),
    };
    std::vector<refused_change> refused;
    const auto done = opened->apply(changes, &refused);
    CHECK(code_of(done) == errc::changes_refused);
    std::vector<std::pair<std::size_t, boost::system::error_code>> found;
    for (const auto& one : refused) found.emplace_back(one.place, one.why);
    CHECK(found == std::vector<std::pair<std::size_t, boost::system::error_code>>{{1, errc::damaged_record},
                                                                                  {2, errc::record_not_valid},
                                                                                  {3, errc::record_not_valid},
                                                                                  {4, errc::personal_id_reserved},
                                                                                  {5, errc::citizen_unknown},
                                                                                  {8, errc::citizen_unknown},
                                                                                  {9, errc::no_key_column},
                                                                                  {10, errc::no_key_column}});
    CHECK(sequence_of(*opened) == 7);
    CHECK(read_register(opened->index(), number_end) == at.expected);
    CHECK(succeeded(opened->apply(at.next_changes(3), &refused)));
    CHECK(refused.empty());
    CHECK(code_of(opened->apply(std::vector<change>(changes_per_apply_max + 1))) == errc::code_range);
    CHECK(opened->apply({}).value().sequence == 10);
}

TEST_CASE("the second writer of a directory is told so; a reader is let in and catches up") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    CHECK(code_of(at.create()) == errc::already_exists);
    auto writer = at.open();
    REQUIRE(succeeded(writer));
    CHECK(code_of(at.open()) == errc::registry_locked);
    CHECK(code_of(at.create()) == errc::registry_locked);
    auto reader = at.open_to_read();
    REQUIRE(succeeded(reader));
    const auto one = change::erase(sample_id(1));
    CHECK(code_of(reader->apply({&one, 1})) == errc::read_only);
    for (int round = 0; round < 5; ++round) {
        REQUIRE(succeeded(writer->apply(at.next_changes(100))));
        CHECK(sequence_of(*reader) == 7 + 100 * static_cast<std::uint64_t>(round));
        const auto now = reader->refresh();
        REQUIRE(succeeded(now));
        CHECK(now->sequence == sequence_of(*writer));
        CHECK(read_register(reader->index(), number_end) == at.expected);
    }
    CHECK(succeeded(writer->close()));
    CHECK(code_of(writer->apply(at.next_changes(1))) == errc::registry_stopped);
    CHECK(succeeded(at.open()));
}

TEST_CASE("several threads apply at once: every batch is whole, and the order in the log is the order in memory") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    constexpr std::uint32_t rounds = 50;
    sample_register in_memory;
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        std::atomic<int> wrong{0};
        std::vector<std::jthread> writers;
        for (std::uint32_t thread = 0; thread < 4; ++thread)
            writers.emplace_back([&, thread] {
                for (std::uint32_t round = 0; round < rounds; ++round) {
                    std::vector<change> changes;
                    for (std::uint64_t i = 0; i < 20; ++i)
                        changes.push_back(change::upsert(sample_citizen(i, 100 + thread * 1000 + round, at.digests)));
                    if (thread == 0) changes.push_back(change::set_key(sample_id(5), sample_key(round)));
                    const auto done = opened->apply(changes);
                    if (!done || sequence_of(*opened) < done->sequence) ++wrong;
                }
            });
        writers.clear();
        CHECK(wrong == 0);
        CHECK(sequence_of(*opened) == 7 + 4 * 20 * rounds + rounds);
        in_memory = read_register(opened->index(), number_end);
    }
    for (std::uint64_t i = 1; i < 20; ++i) CHECK(in_memory.at(i).ward == in_memory.at(0).ward);
    const auto again = at.open();
    REQUIRE(succeeded(again));
    CHECK(read_register(again->index(), number_end) == in_memory);
}

TEST_CASE("a log that was tampered with, or has a hole, is refused with the number of the change") {
    struct tampering {
        std::string statement;
        errc code;
        const char* words;
    };
    const std::vector<tampering> tries{
        {"DELETE FROM batch WHERE first_sequence = 18", errc::sequence_gap, "change 18 is not there"},
        {"DELETE FROM batch WHERE first_sequence < 18", errc::sequence_gap, "change 8 is not there"},
        {"UPDATE batch SET time_unix_ms = time_unix_ms + 1 WHERE first_sequence = 28", errc::damaged_changes,
         "begins with change 28"},
        {"UPDATE batch SET changes = zeroblob(length(changes)) WHERE first_sequence = 18", errc::damaged_changes,
         "begins with change 18"},
        {"UPDATE batch SET seal = zeroblob(32) WHERE first_sequence = 18", errc::damaged_changes,
         "begins with change 18"},
        {"UPDATE batch SET seal = zeroblob(31) WHERE first_sequence = 18", errc::damaged_changes,
         "begins with change 18"},
        {"UPDATE batch SET change_count = 9 WHERE first_sequence = 18", errc::damaged_changes, "begins with change 18"},
        {"UPDATE floor SET sequence = 17", errc::damaged_changes, "does not match its proof"},
        {"UPDATE floor SET registry = randomblob(16)", errc::damaged_changes, "does not match its proof"},
        {"UPDATE floor SET seal = randomblob(32)", errc::damaged_changes, "does not match its proof"},
        {"DELETE FROM batch WHERE first_sequence = 28", errc::sequence_gap, "says that there was change 37"},
        {"DELETE FROM batch", errc::sequence_gap, "ends with change 7"},
        {"DELETE FROM floor", errc::damaged_changes, "does not say where it begins"},
        {"DROP TABLE floor", errc::damaged_changes, "no such table"},
        {"PRAGMA user_version = 3", errc::newer_version, "version 3"},
        {"PRAGMA user_version = 1", errc::older_version, "import the register again"},
        {"PRAGMA journal_mode = DELETE", errc::io, "PRAGMA journal_mode is delete, and must be wal"},
        {"PRAGMA application_id = 2", errc::damaged_changes, "not a log"},
    };
    for (const auto& one : tries) {
        CAPTURE(one.statement);
        small_registry at;
        REQUIRE(succeeded(at.create()));
        {
            auto opened = at.open();
            REQUIRE(succeeded(opened));
            for (int i = 0; i < 3; ++i) REQUIRE(succeeded(opened->apply(at.next_changes(10))));
        }
        tamper(at, one.statement.c_str());
        const auto again = at.open();
        CHECK(code_of(again) == one.code);
        CHECK(words_of(again).find(one.words) != std::string::npos);
    }
}

TEST_CASE("changes under another digest key are refused, and so is a directory that is no registry") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    const auto stranger = authority_key::generate();
    CHECK(code_of(registry::open(at.directory, stranger.public_key())) == errc::foreign_authority);
    std::filesystem::remove(at.directory / "digest.key");
    CHECK(code_of(at.open()) == errc::not_found);
    REQUIRE(succeeded(digest_key::generate().save(at.directory / "digest.key")));
    CHECK(code_of(at.open()) == errc::foreign_digest_key);
    CHECK(code_of(registry::open(at.place / "nowhere", stranger.public_key())) == errc::not_a_registry);
    CHECK(code_of(registry::open(at.place.path(), stranger.public_key())) == errc::not_a_registry);
}

TEST_CASE("a damaged byte anywhere in the only snapshot keeps the registry from opening") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    damage(at.directory / "snapshot-7.xts", 1'500'000);
    CHECK(code_of(at.open()) == errc::checksum_mismatch);
}

TEST_CASE("a feed gives every change once, in order, from where it is asked to begin") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto opened = at.open();
    REQUIRE(succeeded(opened));
    std::vector<change> made;
    std::vector<change> found;
    auto feed = change_feed::open(at.directory, at.digests);
    REQUIRE(succeeded(feed));
    CHECK(feed->position() == 8);
    CHECK(feed->next(found).value() == 0);
    for (int round = 0; round < 10; ++round) {
        const auto changes = at.next_changes(20);
        REQUIRE(succeeded(opened->apply(changes)));
        made.insert(made.end(), changes.begin(), changes.end());
        if (round % 3 == 0)
            while (feed->next(found, 25).value() != 0) {
            }
    }
    while (feed->next(found, 25).value() != 0) {
    }
    REQUIRE(found.size() == made.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
        CHECK(found[i].sequence == 8 + i);
        CHECK(found[i].time_unix_ms > 1'700'000'000'000);
        CHECK(found[i].kind == made[i].kind);
        CHECK(found[i].key == made[i].key);
        CHECK(found[i].after == made[i].after);
    }
    // From the middle of a batch, and from where nothing is yet.
    std::vector<change> rest;
    CHECK(opened->follow(15).value().next(rest).value() == 193);
    CHECK(rest.front() == found[7]);
    CHECK(opened->follow(208).value().next(rest).value() == 0);
    CHECK(code_of(opened->follow(209)) == errc::sequence_gap);
    CHECK(code_of(opened->follow(7)) == errc::changes_trimmed);
    REQUIRE(succeeded(opened->checkpoint({.snapshots_kept = 1})));
    CHECK(code_of(opened->follow(15)) == errc::changes_trimmed);
    CHECK(code_of(change_feed::open(at.place.path(), at.digests)) == errc::not_a_registry);
}
