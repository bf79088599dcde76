// SPDX-License-Identifier: Apache-2.0
// How far the source of a registry's changes has come, as the registry keeps it.
#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>

#include "registry/database.hpp"
#include "unit/registry/outcome.hpp"
#include "unit/registry/small_registry.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using bytes = std::vector<std::byte>;

[[nodiscard]] bytes position(std::string_view text) {
    const auto as = std::as_bytes(std::span{text});
    return {as.begin(), as.end()};
}

// Runs a statement on the log behind the registry's back.
void tamper_with_log(const small_registry& at, const char* text) {
    static constexpr database_gate gate;
    const auto log = database::open(at.directory / "changes.sqlite", gate, database::access::write);
    REQUIRE(succeeded(log));
    REQUIRE(succeeded(log->run(text)));
}

[[nodiscard]] bytes position_after_opening(const small_registry& at) {
    const auto opened = at.open();
    REQUIRE(succeeded(opened));
    return opened->source_position().value();
}

}  // namespace

TEST_CASE("the source's position is the last that came with a batch that was taken, also after reopening") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        CHECK(opened->source_position().value().empty());
        REQUIRE(succeeded(opened->apply(at.next_changes(3))));
        CHECK(opened->source_position().value().empty());
        CHECK(opened->apply(at.next_changes(3), position("first")).value().sequence == 13);
        CHECK(opened->source_position().value() == position("first"));
    }
    CHECK(position_after_opening(at) == position("first"));
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        // Without changes it moves on, and neither number nor time of the register do.
        const auto before = opened->index().as_of();
        const auto alone = opened->apply({}, position("second"));
        REQUIRE(succeeded(alone));
        CHECK(alone->sequence == before.sequence);
        CHECK(alone->as_of_unix_ms == before.as_of_unix_ms);
        CHECK(opened->index().as_of().as_of_unix_ms == before.as_of_unix_ms);
        CHECK(opened->source_position().value() == position("second"));
    }
    CHECK(position_after_opening(at) == position("second"));
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        // A batch that is refused leaves it, and so does one without a position.
        const auto nobody = change::erase(sample_id(9999));
        CHECK(code_of(opened->apply({&nobody, 1}, position("third"))) == errc::changes_refused);
        REQUIRE(succeeded(opened->apply(at.next_changes(2))));
        REQUIRE(succeeded(opened->apply(at.next_changes(2), bytes{})));
        CHECK(opened->source_position().value() == position("second"));
        // Any bytes will do, as many as there may be.
        bytes longest(source_position_bytes_max, std::byte{0});
        REQUIRE(succeeded(opened->apply(at.next_changes(1), longest)));
        CHECK(opened->source_position().value() == longest);
        longest.push_back({});
        const auto sequence = opened->durable_sequence();
        CHECK(code_of(opened->apply(at.next_changes(1), longest)) == errc::code_range);
        CHECK(opened->durable_sequence() == sequence);
        longest.pop_back();
        CHECK(succeeded(opened->close()));
        CHECK(code_of(opened->source_position()) == errc::registry_stopped);
    }
    CHECK(position_after_opening(at) == bytes(source_position_bytes_max));
}

TEST_CASE("a reader has the position of its last refresh, with all changes up to it") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    auto writer = at.open();
    REQUIRE(succeeded(writer));
    auto reader = at.open_to_read();
    REQUIRE(succeeded(reader));
    for (const auto* const text : {"1", "2", "3"}) {
        const auto before = reader->source_position().value();
        REQUIRE(succeeded(writer->apply(at.next_changes(5), position(text))));
        CHECK(reader->source_position().value() == before);
        REQUIRE(succeeded(reader->refresh()));
        CHECK(reader->source_position().value() == position(text));
        CHECK(reader->index().as_of().sequence == writer->index().as_of().sequence);
    }
    CHECK(code_of(reader->apply({}, position("4"))) == errc::read_only);
    CHECK(at.open_to_read().value().source_position().value() == position("3"));
}

TEST_CASE("checkpoints keep the position; a registry made of a snapshot begins with the one it is given") {
    small_registry at;
    REQUIRE(succeeded(registry::create(at.directory, *at.first, at.digests, at.authority,
                                       {.source_position = position("consistent point")})));
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        CHECK(opened->source_position().value() == position("consistent point"));
        for (int round = 0; round < 3; ++round) {
            REQUIRE(succeeded(opened->apply(at.next_changes(5))));
            REQUIRE(succeeded(opened->checkpoint({.snapshots_kept = 1})));
            CHECK(opened->source_position().value() == position("consistent point"));
        }
    }
    CHECK(position_after_opening(at) == position("consistent point"));
    const auto snapshot = load_snapshot(at.directory / "snapshot-22.xts", at.authority.public_key()).value();
    const auto other = at.place / "other";
    REQUIRE(succeeded(registry::create(other, snapshot, at.digests, at.authority)));
    CHECK(registry::open(other, at.authority.public_key()).value().source_position().value().empty());
    const bytes too_long(source_position_bytes_max + 1);
    CHECK(code_of(registry::create(at.place / "third", snapshot, at.digests, at.authority,
                                   {.source_position = too_long})) == errc::code_range);
    CHECK(!std::filesystem::exists(at.place / "third"));
}

TEST_CASE("a log of an earlier release, without a place for the position, gets one when it is opened to write") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    REQUIRE(succeeded(at.open().value().apply(at.next_changes(5))));
    tamper_with_log(at, "DROP TABLE source");
    auto reader = at.open_to_read();
    REQUIRE(succeeded(reader));
    CHECK(reader->source_position().value().empty());
    auto writer = at.open();
    REQUIRE(succeeded(writer));
    CHECK(writer->source_position().value().empty());
    REQUIRE(succeeded(writer->apply(at.next_changes(5), position("first"))));
    REQUIRE(succeeded(reader->refresh()));
    CHECK(reader->source_position().value() == position("first"));
    CHECK(read_register(reader->index(), small_registry::number_end) == at.expected);
}

TEST_CASE("a position that was tampered with, or that the log does not reach, keeps the registry from opening") {
    for (const auto* const text :
         {"UPDATE source SET position = x'00'", "UPDATE source SET position = zeroblob(0)",
          "UPDATE source SET position = zeroblob(1000000)", "UPDATE source SET sequence = sequence - 1",
          "UPDATE source SET proof = zeroblob(32)", "UPDATE source SET proof = zeroblob(0)"}) {
        CAPTURE(text);
        small_registry at;
        REQUIRE(succeeded(at.create()));
        REQUIRE(succeeded(at.open().value().apply(at.next_changes(5), position("first"))));
        tamper_with_log(at, text);
        CHECK(code_of(at.open()) == errc::damaged_changes);
        CHECK(code_of(at.open_to_read()) == errc::damaged_changes);
    }
    // The end of the log is gone, and its mark; who opens it does not know better either.
    small_registry at;
    REQUIRE(succeeded(at.create()));
    for (const auto* const text : {"first", "second"})
        REQUIRE(succeeded(at.open().value().apply(at.next_changes(5), position(text))));
    tamper_with_log(at, "DELETE FROM batch WHERE first_sequence = 13");
    std::filesystem::remove(at.directory / "registry.mark");
    CHECK(code_of(registry::open(at.directory, at.authority.public_key(), {.at_least_sequence = 12})) ==
          errc::sequence_gap);
}

TEST_CASE("of threads that apply at once, the position stays that came with the highest number") {
    small_registry at;
    REQUIRE(succeeded(at.create()));
    std::map<std::uint64_t, bytes> by_sequence;
    {
        auto opened = at.open();
        REQUIRE(succeeded(opened));
        std::mutex guard;
        std::atomic<int> wrong{0};
        std::vector<std::jthread> writers;
        for (std::uint32_t thread = 0; thread < 4; ++thread)
            writers.emplace_back([&, thread] {
                for (std::uint32_t round = 0; round < 50; ++round) {
                    const auto mine = position(std::to_string(thread) + " " + std::to_string(round));
                    const auto one = change::upsert(sample_citizen(thread, 100 + round, at.digests));
                    const auto bad = change::erase(sample_id(9999));
                    if (round % 5 == 0 && opened->apply({&bad, 1}, position("never"))) ++wrong;
                    const auto done = opened->apply({&one, 1}, mine);
                    if (!done) {
                        ++wrong;
                        continue;
                    }
                    const std::lock_guard alone{guard};
                    by_sequence[done->sequence] = mine;
                }
            });
        writers.clear();
        CHECK(wrong == 0);
        CHECK(opened->source_position().value() == by_sequence.rbegin()->second);
    }
    CHECK(by_sequence.size() == 200);
    CHECK(position_after_opening(at) == by_sequence.rbegin()->second);
}
