// SPDX-License-Identifier: Apache-2.0
#include "registry/change_log.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "registry/source_row.hpp"
#include "registry/write_ahead_log.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr int log_application_id = 0x5854'4331;  // "XTC1"
constexpr int log_version = 2;
constexpr int log_page_bytes = 4096;
// The write-ahead log is copied into the database after so many of its pages, 16 MiB.
constexpr int copy_after_pages = 4096;
// A reader may keep that from starting over at its beginning; after so many pages the writer waits for the reader.
constexpr int wait_after_pages = 16 * copy_after_pages;
constexpr int batches_a_read = 64;
constexpr int batches_a_trim = 64;

struct sealed_batch {
    change_batch batch;
    std::vector<std::byte> packed;
    change_seal sealed{};
};

// Where a chain of seals stands.
struct chain_link {
    std::uint64_t sequence = 0;
    std::int64_t time_unix_ms = 0;
    change_seal sealed{};
};

[[nodiscard]] failure damaged(const std::filesystem::path& path, std::uint64_t sequence, std::string_view what) {
    return {errc::damaged_changes, path.string() + ": the batch that begins with change " + std::to_string(sequence) +
                                       " " + std::string{what}};
}

template <std::size_t Size>
[[nodiscard]] bool read_bytes(std::span<const std::byte> from, std::array<std::byte, Size>& into) noexcept {
    if (from.size() != into.size()) return false;
    std::ranges::copy(from, into.begin());
    return true;
}

[[nodiscard]] change_seal floor_proof(const high_water& floor, const sealing_key& key) {
    std::vector<std::byte> bytes(floor.registry.begin(), floor.registry.end());
    const std::array<std::uint64_t, 2> numbers{floor.at.sequence, static_cast<std::uint64_t>(floor.at.as_of_unix_ms)};
    const auto words = std::as_bytes(std::span{numbers});
    bytes.insert(bytes.end(), words.begin(), words.end());
    bytes.insert(bytes.end(), floor.sealed.begin(), floor.sealed.end());
    return keyed_hash("xacthuc log's floor", bytes, key);
}

struct setting {
    const char* question;
    const char* answer;
};

// Compares what SQLite says with what is wanted.
[[nodiscard]] detailed_result<void> read_back(const database& in, std::span<const setting> settings) {
    for (const auto& one : settings) {
        const auto found = in.ask(one.question);
        if (!found) return found.error();
        if (*found != one.answer)
            return failure{errc::io,
                           in.path().string() + ": " + one.question + " is " + *found + ", and must be " + one.answer};
    }
    return {};
}

// Of the file, and of a reader's connection.
constexpr std::array settings_always{setting{"PRAGMA journal_mode", "wal"}, setting{"PRAGMA page_size", "4096"},
                                     setting{"PRAGMA locking_mode", "normal"}};
// Every commit is synced; copying the write-ahead log is ours to time.
constexpr std::array settings_of_writer{setting{"PRAGMA synchronous", "2"}, setting{"PRAGMA wal_autocheckpoint", "0"}};

[[nodiscard]] detailed_result<void> check_kind(const database& in) {
    const auto application = in.ask("PRAGMA application_id");
    if (!application) return application.error();
    const auto version_text = in.ask("PRAGMA user_version");
    if (!version_text) return version_text.error();
    if (*application != std::to_string(log_application_id))
        return failure{errc::damaged_changes, in.path().string() + ": not a log of changes"};
    const auto version = std::atoll(version_text->c_str());
    if (version > log_version)
        return failure{errc::newer_version, in.path().string() + ": version " + *version_text +
                                                ", this program knows up to " + std::to_string(log_version)};
    if (version < log_version)
        return failure{errc::older_version,
                       in.path().string() + ": version " + *version_text +
                           ": import the register again from its source, and make a registry of it"};
    return read_back(in, settings_always);
}

[[nodiscard]] detailed_result<void> set_up_writer(const database& in) {
    if (auto done = in.run("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0"); !done) return done;
    if (auto done = read_back(in, settings_of_writer); !done) return done;
    // Its file stays, so that commits overwrite blocks that the file system has given it already.
    int keep = 1;
    sqlite3_file_control(in.get(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    return {};
}

}  // namespace

struct change_log::state {
    state(database opened, const sealing_key& with) : base{std::move(opened)}, key{with} {}

    database base;
    sealing_key key;
    std::optional<statement> read_floor, read_last, read_before, read_some;
    std::optional<statement> begin, commit, rollback, insert, remove, write_floor;
    int wal_pages = 0;
    bool reopen = false;
    registry_id registry{};
    std::optional<registry_mark> mark;  // a writer's
    source_row source{base, key};

    [[nodiscard]] detailed_result<void> prepare(access how) {
        const auto make = [&](std::optional<statement>& into, const char* text) -> detailed_result<void> {
            auto made = statement::prepare(base, text);
            if (!made) return made.error();
            into.emplace(std::move(*made));
            return {};
        };
        constexpr auto columns = "SELECT first_sequence, change_count, time_unix_ms, seal, changes FROM batch ";
        const std::vector<std::pair<std::optional<statement>*, std::string>> reading{
            {&read_floor, "SELECT sequence, time_unix_ms, seal, registry, proof FROM floor WHERE id = 1"},
            {&read_last,
             "SELECT first_sequence, change_count, time_unix_ms, seal FROM batch "
             "ORDER BY first_sequence DESC LIMIT 1"},
            {&read_before,
             "SELECT first_sequence, change_count, time_unix_ms, seal FROM batch "
             "WHERE first_sequence + change_count - 1 <= ?1 AND first_sequence <= ?1 "
             "ORDER BY first_sequence DESC LIMIT 1"},
            {&read_some, std::string{columns} + "WHERE first_sequence > ?1 ORDER BY first_sequence LIMIT " +
                             std::to_string(batches_a_read)}};
        const std::vector<std::pair<std::optional<statement>*, std::string>> writing{
            {&begin, "BEGIN IMMEDIATE"},
            {&commit, "COMMIT"},
            {&rollback, "ROLLBACK"},
            {&insert,
             "INSERT INTO batch (first_sequence, change_count, time_unix_ms, changes, seal) "
             "VALUES (?1, ?2, ?3, ?4, ?5)"},
            {&remove, "DELETE FROM batch WHERE first_sequence <= ?1"},
            {&write_floor, "UPDATE floor SET sequence = ?1, time_unix_ms = ?2, seal = ?3, proof = ?4 WHERE id = 1"}};
        for (const auto& [into, text] : reading)
            if (auto done = make(*into, text.c_str()); !done) return done;
        if (how == access::read) return {};
        for (const auto& [into, text] : writing)
            if (auto done = make(*into, text.c_str()); !done) return done;
        return {};
    }

    [[nodiscard]] detailed_result<high_water> whole_floor() const {
        const statement::use ends{*read_floor};
        const auto row = read_floor->step();
        if (!row) return row.error();
        high_water at;
        change_seal proof;
        const bool whole = *row && read_bytes(read_floor->blob(2), at.sealed) &&
                           read_bytes(read_floor->blob(3), at.registry) && read_bytes(read_floor->blob(4), proof);
        at.at = {static_cast<std::uint64_t>(read_floor->integer(0)), read_floor->integer(1)};
        if (!whole) return failure{errc::damaged_changes, base.path().string() + ": it does not say where it begins"};
        if (proof != floor_proof(at, key))
            return failure{errc::damaged_changes,
                           base.path().string() + ": what it says of where it begins does not match its proof"};
        return at;
    }

    [[nodiscard]] detailed_result<chain_link> floor() const {
        const auto at = whole_floor();
        if (!at) return at.error();
        return chain_link{at->at.sequence, at->at.as_of_unix_ms, at->sealed};
    }

    // The end of the batch that a row of read_last or read_before tells of, or the floor when there is none.
    [[nodiscard]] detailed_result<chain_link> end_of(const statement& asked) const {
        const statement::use ends{asked};
        const auto row = asked.step();
        if (!row) return row.error();
        if (!*row) return floor();
        chain_link at;
        const auto first = static_cast<std::uint64_t>(asked.integer(0));
        at.sequence = first + static_cast<std::uint64_t>(asked.integer(1)) - 1;
        at.time_unix_ms = asked.integer(2);
        const bool whole = read_bytes(asked.blob(3), at.sealed);
        if (!whole) return damaged(base.path(), first, "has no seal");
        return at;
    }

    // The last batch that ends at or before this number, or the floor.
    [[nodiscard]] detailed_result<chain_link> before(std::uint64_t sequence) const {
        read_before->bind(1, sequence);
        return end_of(*read_before);
    }

    // Up to batches_a_read batches that begin after this number.
    [[nodiscard]] detailed_result<std::vector<sealed_batch>> read_after(std::uint64_t sequence) const {
        std::vector<sealed_batch> found;
        const statement::use ends{*read_some};
        read_some->bind(1, sequence);
        for (;;) {
            const auto row = read_some->step();
            if (!row) return row.error();
            if (!*row) break;
            auto& one = found.emplace_back();
            one.batch.first_sequence = static_cast<std::uint64_t>(read_some->integer(0));
            one.batch.change_count = static_cast<std::uint64_t>(read_some->integer(1));
            one.batch.time_unix_ms = read_some->integer(2);
            const auto packed = read_some->blob(4);
            one.packed.assign(packed.begin(), packed.end());
            if (!read_bytes(read_some->blob(3), one.sealed))
                return damaged(base.path(), one.batch.first_sequence, "has no seal");
        }
        for (auto& one : found) one.batch.packed = one.packed;
        return found;
    }

    // Whether the batch follows what the chain has come to. Moves the chain on.
    [[nodiscard]] detailed_result<void> follow(chain_link& at, const sealed_batch& next) const {
        const auto& batch = next.batch;
        if (batch.first_sequence != at.sequence + 1)
            return failure{errc::sequence_gap, base.path().string() + ": change " + std::to_string(at.sequence + 1) +
                                                   " is not there, the next is " +
                                                   std::to_string(batch.first_sequence)};
        if (seal(batch, at.sealed, key) != next.sealed)
            return damaged(base.path(), batch.first_sequence, "does not match its seal");
        at = {batch.last_sequence(), batch.time_unix_ms, next.sealed};
        return {};
    }

    // Runs work() in a transaction. After a failure the transaction is gone; where it may not be, or where a sync
    // failed, the log has to be opened anew.
    template <class Work>
    [[nodiscard]] detailed_result<void> transact(Work work) {
        detailed_result<void> outcome = begin->run();
        if (outcome) outcome = work();
        if (outcome) outcome = commit->run();
        if (!outcome) {
            const bool undone = sqlite3_get_autocommit(base.get()) != 0 || rollback->run();
            reopen |= !undone || outcome.error().code != errc::disk_full;
        }
        return outcome;
    }

    // Copies the write-ahead log into the database where it has become long.
    void copy_if_long() noexcept {
        if (wal_pages < copy_after_pages) return;
        const int mode = wal_pages < wait_after_pages ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART;
        int in_log = 0;
        int copied = 0;
        const int code = sqlite3_wal_checkpoint_v2(base.get(), nullptr, mode, &in_log, &copied) & 0xff;
        // What was acknowledged is safe in the write-ahead log; but a file that failed is not written to again.
        if (code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED) reopen = true;
        // The mark need not be as safe as the log, and is not synced for each commit: it may lag behind after a power
        // cut, by as much as lies between two such moments.
        if (mark && !mark->sync()) reopen = true;
    }

    // Requires: the log has it, synced.
    void note(const chain_link& at) {
        if (!mark) return;
        const auto done = mark->note({registry, {at.sequence, at.time_unix_ms}, at.sealed});
        if (!done && done.error().code != errc::disk_full) reopen = true;
    }

    // Against the mark, and against what the caller knows. Returns whether there is a mark that matches.
    [[nodiscard]] detailed_result<bool> hold_against(const detailed_result<high_water>& noted, const log_place& at,
                                                     std::uint64_t at_least) const {
        const auto end = end_of(*read_last);
        if (!end) return end.error();
        const auto ends_before = [&](std::uint64_t wanted, const std::string& who) {
            return failure{errc::sequence_gap, base.path().string() + ": it ends with change " +
                                                   std::to_string(end->sequence) + ", and " + who +
                                                   " says that there was change " + std::to_string(wanted)};
        };
        if (end->sequence < at_least) return ends_before(at_least, "who opens it");
        if (!noted) {
            const auto is_lost = noted.error().code == errc::not_found || noted.error().code == errc::damaged_changes;
            if (is_lost && at_least != 0) return false;
            if (!is_lost) return noted.error();
            return failure{errc::damaged_changes,
                           at.mark.string() +
                               ": the high-water mark is gone or damaged, and without it nobody can tell whether "
                               "changes are missing at the end; say how far the registry came at least, if you know"};
        }
        if (noted->registry != registry)
            return failure{errc::damaged_changes, at.mark.string() + ": it is another registry's"};
        if (noted->at.sequence > end->sequence) return ends_before(noted->at.sequence, at.mark.string());
        const auto there = before(noted->at.sequence);
        if (!there) return there.error();
        const auto begins_at = floor();
        if (!begins_at) return begins_at.error();
        if (noted->at.sequence >= begins_at->sequence && there->sealed != noted->sealed)
            return failure{errc::damaged_changes, base.path().string() + ": change " +
                                                      std::to_string(noted->at.sequence) + " is not the one that " +
                                                      at.mark.string() + " knows: the log was replaced"};
        return true;
    }

    [[nodiscard]] detailed_result<void> begin_writing(const log_place& at, bool has_mark) {
        auto* const handle = base.get();
        sqlite3_wal_hook(handle, state::count_pages, this);
        int in_log = 0;
        int copied = 0;
        if (sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_FULL, &in_log, &copied) != SQLITE_OK)
            return base.failed("copy the write-ahead log");
        const auto end = end_of(*read_last);
        if (!end) return end.error();
        const high_water now{registry, {end->sequence, end->time_unix_ms}, end->sealed};
        if (!has_mark)
            if (auto done = registry_mark::create(*at.files, at.mark, key, now); !done) return done;
        auto opened = registry_mark::open(*at.files, at.mark, key);
        if (!opened) return opened.error();
        mark.emplace(std::move(*opened));
        if (auto done = mark->note(now); !done) return done;
        if (auto done = mark->sync(); !done) return done;
        return source.prepare_to_write();
    }

    static int count_pages(void* me, sqlite3*, const char*, int pages) {
        static_cast<state*>(me)->wal_pages = pages;
        return SQLITE_OK;
    }
};

change_log::change_log(std::unique_ptr<state> s) noexcept : state_{std::move(s)} {}
change_log::change_log(change_log&&) noexcept = default;
change_log& change_log::operator=(change_log&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
change_log::~change_log() {
    if (!state_) return;
    // A child's copy of its parent's log is left alone: to close it would act upon memory that both share.
    if (is_inherited()) {
        static_cast<void>(state_.release());
        return;
    }
    if (state_->mark) static_cast<void>(state_->mark->sync());
}

bool change_log::is_inherited() const noexcept {
    return state_->base.is_inherited();
}

detailed_result<void> change_log::create(const log_place& at, const sealing_key& key, const high_water& floor,
                                         std::span<const std::byte> source_position) {
    {
        const auto made = database::open(at.log, *at.gate, database::access::create);
        if (!made) return made.error();
        const auto text =
            "PRAGMA synchronous = FULL;"
            "PRAGMA page_size = " +
            std::to_string(log_page_bytes) +
            ";BEGIN;"
            "CREATE TABLE batch (first_sequence INTEGER PRIMARY KEY, change_count INTEGER NOT NULL, "
            "time_unix_ms INTEGER NOT NULL, seal BLOB NOT NULL, changes BLOB NOT NULL) STRICT;"
            "CREATE TABLE floor (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, "
            "time_unix_ms INTEGER NOT NULL, seal BLOB NOT NULL, registry BLOB NOT NULL, proof BLOB NOT NULL) STRICT;"
            "PRAGMA application_id = " +
            std::to_string(log_application_id) + "; PRAGMA user_version = " + std::to_string(log_version);
        if (auto done = made->run(text.c_str()); !done) return done;
        const auto insert = statement::prepare(*made, "INSERT INTO floor VALUES (1, ?1, ?2, ?3, ?4, ?5)");
        if (!insert) return insert.error();
        const auto proof = floor_proof(floor, key);
        insert->bind(1, floor.at.sequence);
        insert->bind(2, floor.at.as_of_unix_ms);
        insert->bind(3, std::span<const std::byte>{floor.sealed});
        insert->bind(4, std::span<const std::byte>{floor.registry});
        insert->bind(5, std::span<const std::byte>{proof});
        if (auto done = insert->run(); !done) return done;
        source_row source{*made, key};
        if (auto done = source.prepare_to_write(); !done) return done;
        if (!source_position.empty())
            if (auto done = source.write(source_position, floor.at.sequence, floor.registry); !done) return done;
        if (auto done = made->run("COMMIT"); !done) return done;
        // The switch is a transaction of its own, which ends, and may fail, after the answer has been given.
        const auto mode = made->ask("PRAGMA journal_mode = WAL");
        if (!mode) return mode.error();
        if (*mode != "wal")
            return failure{errc::io, at.log.string() + ": this file system does not let SQLite have a write-ahead log"};
    }
    // What is said to be set may not have come to the file: a connection of its own reads it from there.
    const auto again = database::open(at.log, *at.gate, database::access::write);
    if (!again) return again.error();
    if (auto done = check_kind(*again); !done) return done;
    return set_up_writer(*again);
}

detailed_result<change_log> change_log::open(const log_place& at, const sealing_key& key, access how,
                                             std::uint64_t at_least) {
    const bool writes = how == access::write;
    auto opened = database::open(at.log, *at.gate, writes ? database::access::write : database::access::read);
    if (!opened) return opened.error();
    // Before SQLite reads anything, and before the log's end is looked for.
    const auto page_of = [&](std::uint32_t page, std::span<std::byte> to) { return opened->read_page(page, to); };
    if (auto done = check_write_ahead_log(*at.files, at.log, page_of); !done) return done.error();
    const auto noted = registry_mark::read(*at.files, at.mark, key);
    if (auto done = check_kind(*opened); !done) return done.error();
    if (writes)
        if (auto done = set_up_writer(*opened); !done) return done.error();
    auto s = std::make_unique<state>(std::move(*opened), key);
    if (auto done = s->prepare(how); !done) return done.error();
    const auto begin = s->whole_floor();
    if (!begin) return begin.error();
    s->registry = begin->registry;
    const auto has_mark = s->hold_against(noted, at, at_least);
    if (!has_mark) return has_mark.error();
    if (writes)
        if (auto done = s->begin_writing(at, *has_mark); !done) return done.error();
    return change_log{std::move(s)};
}

detailed_result<change_log> change_log::open_beside(const log_place& at, const sealing_key& key) {
    auto opened = database::open(at.log, *at.gate, database::access::read);
    if (!opened) return opened.error();
    if (auto done = check_kind(*opened); !done) return done.error();
    auto s = std::make_unique<state>(std::move(*opened), key);
    if (auto done = s->prepare(access::read); !done) return done.error();
    return change_log{std::move(s)};
}

detailed_result<registry_id> change_log::registry() const {
    const auto at = state_->whole_floor();
    if (!at) return at.error();
    return at->registry;
}

detailed_result<std::optional<change_seal>> change_log::seal_at(std::uint64_t sequence) const {
    const auto at = state_->before(sequence);
    if (!at) return at.error();
    return at->sequence == sequence ? std::optional{at->sealed} : std::nullopt;
}

detailed_result<freshness> change_log::floor() const {
    const auto at = state_->floor();
    if (!at) return at.error();
    return freshness{at->sequence, at->time_unix_ms};
}

detailed_result<freshness> change_log::last() const {
    const auto at = state_->end_of(*state_->read_last);
    if (!at) return at.error();
    return freshness{at->sequence, at->time_unix_ms};
}

detailed_result<std::vector<std::byte>> change_log::source_position() const {
    auto words = state_->source.read(state_->registry);
    if (!words) return words.error();
    // After the position, which a writer may move on meanwhile.
    const auto end = last();
    if (!end) return end.error();
    if (words->sequence > end->sequence)
        return failure{errc::sequence_gap, state_->base.path().string() + ": it ends with change " +
                                               std::to_string(end->sequence) + ", and the source's position is after " +
                                               std::to_string(words->sequence)};
    return std::move(words->position);
}

detailed_result<void> change_log::append(std::span<const change_batch> batches,
                                         std::span<const std::byte> source_position) {
    auto& s = *state_;
    auto at = s.end_of(*s.read_last);
    if (!at) {
        s.reopen = true;
        return at.error();
    }
    auto outcome = s.transact([&]() -> detailed_result<void> {
        for (const auto& batch : batches) {
            at->sealed = seal(batch, at->sealed, s.key);
            s.insert->bind(1, batch.first_sequence);
            s.insert->bind(2, batch.change_count);
            s.insert->bind(3, batch.time_unix_ms);
            s.insert->bind(4, batch.packed);
            s.insert->bind(5, std::span<const std::byte>{at->sealed});
            if (auto done = s.insert->run(); !done) return done;
            at->sequence = batch.last_sequence();
            at->time_unix_ms = batch.time_unix_ms;
        }
        if (source_position.empty()) return {};
        return s.source.write(source_position, at->sequence, s.registry);
    });
    if (!outcome) return outcome;
    if (!batches.empty()) s.note(*at);
    s.copy_if_long();
    return outcome;
}

bool change_log::must_reopen() const noexcept {
    return state_->reopen;
}

detailed_result<void> change_log::visit(std::uint64_t after, std::uint64_t up_to, const visitor& each) const {
    const auto& s = *state_;
    const auto last_change = last();
    if (!last_change) return last_change.error();
    if (last_change->sequence < after)
        return failure{errc::sequence_gap, s.base.path().string() + ": it ends with change " +
                                               std::to_string(last_change->sequence) + ", before change " +
                                               std::to_string(after)};
    auto at = s.before(after);
    if (!at) return at.error();
    if (at->sequence > after)
        return failure{errc::changes_trimmed, s.base.path().string() + ": it begins after change " +
                                                  std::to_string(at->sequence) + ", wanted are those after " +
                                                  std::to_string(after)};
    for (;;) {
        const auto some = s.read_after(at->sequence);
        if (!some) return some.error();
        for (const auto& next : *some) {
            if (next.batch.last_sequence() > up_to) return {};
            if (auto done = s.follow(*at, next); !done) return done;
            const auto goes_on = each(next.batch);
            if (!goes_on) return goes_on.error();
            if (!*goes_on) return {};
        }
        if (some->size() < batches_a_read) return {};
    }
}

detailed_result<bool> change_log::trim_some(std::uint64_t up_to) {
    auto& s = *state_;
    if (s.mark && !s.mark->sync()) s.reopen = true;
    const auto from = s.floor();
    if (!from) return from.error();
    const auto some = s.read_after(from->sequence);
    if (!some) return some.error();
    auto at = *from;
    int trimmed = 0;
    for (const auto& next : *some) {
        if (next.batch.last_sequence() > up_to || trimmed == batches_a_trim) break;
        if (auto done = s.follow(at, next); !done) return done.error();
        ++trimmed;
    }
    if (trimmed == 0) return false;
    const auto proof = floor_proof({s.registry, {at.sequence, at.time_unix_ms}, at.sealed}, s.key);
    auto outcome = s.transact([&]() -> detailed_result<void> {
        s.write_floor->bind(1, at.sequence);
        s.write_floor->bind(2, at.time_unix_ms);
        s.write_floor->bind(3, std::span<const std::byte>{at.sealed});
        s.write_floor->bind(4, std::span<const std::byte>{proof});
        if (auto done = s.write_floor->run(); !done) return done;
        s.remove->bind(1, at.sequence);
        return s.remove->run();
    });
    if (!outcome) return outcome.error();
    s.copy_if_long();
    return trimmed == batches_a_trim;
}

}  // namespace xacthuc::inline v0_1
