// SPDX-License-Identifier: Apache-2.0
// What is durable comes into memory, and a log that failed is opened anew: nothing stops for good that can go on.
#include "registry/durable_index.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <string>
#include <thread>
#include <utility>

#include "index/placement.hpp"
#include "registry/partition_on_disk.hpp"

namespace xacthuc::inline v0_1 {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t prefetch_distance = 8;
constexpr auto stalled_retry = 200us;

[[nodiscard]] result<void> make_once(citizen_index& index, const change& what) noexcept {
    const auto id = personal_id::from_trusted(what.id());
    const auto outcome_of = [](const auto& made) -> result<void> {
        if (!made) return made.error();
        return {};
    };
    switch (what.kind) {
        case change_kind::upsert:
            return outcome_of(index.upsert_recorded(what.after));
        case change_kind::upsert_with_key:
            return outcome_of(index.upsert_recorded(what.after, what.key));
        case change_kind::erase:
            return outcome_of(index.erase(id));
        case change_kind::set_key:
            return outcome_of(index.set_key(id, what.key));
    }
    return errc::record_not_valid;
}

[[nodiscard]] result<void> make_one(citizen_index& index, const change& what, stall_patience& patience) noexcept {
    for (;;) {
        const auto made = make_once(index, what);
        if (made || made.error() != errc::reclamation_stalled || !patience.wait()) return made;
    }
}

// Makes changes in order, with their cache lines on the way. Counts those made.
[[nodiscard]] result<void> make_all(citizen_index& index, std::span<const change> changes, stall_patience& patience,
                                    std::size_t& made_count) noexcept {
    const auto prefetch = [&](std::size_t i) {
        if (i < changes.size()) index.prefetch(personal_id::from_trusted(changes[i].id()));
    };
    for (std::size_t i = 0; i < prefetch_distance; ++i) prefetch(i);
    for (made_count = 0; made_count < changes.size(); ++made_count) {
        prefetch(made_count + prefetch_distance);
        if (auto made = make_one(index, changes[made_count], patience); !made) return made;
    }
    return {};
}

// Of a change that was good when it was written: the partition is not what the log says it is.
[[nodiscard]] bool says_damage(boost::system::error_code code) noexcept {
    return code == errc::damaged_record || code == errc::citizen_unknown || code == errc::change_is_older;
}

}  // namespace

bool stall_patience::wait() noexcept {
    const auto now = std::chrono::steady_clock::now();
    if (!end_) end_ = now + limit_;
    if (now >= *end_) return false;
    std::this_thread::sleep_for(stalled_retry);
    return true;
}

failure told_as(errc code, const failure& why, std::string_view what) noexcept {
    try {
        std::string words{what};
        if (!words.empty()) words += ": ";
        return {code, words + why.message()};
    } catch (const std::bad_alloc&) {
        return {code, {}};
    }
}

detailed_result<void> durable_index::load_and_replay(registry_opening& opening) {
    if (auto done = snapshots_.check_digest_key(); !done) return done;
    auto opened = change_log::open(setting_.place(), setting_.seals,
                                   setting_.writes() ? change_log::access::write : change_log::access::read,
                                   setting_.how.at_least_sequence);
    if (!opened) {
        auto failed = opened.error();
        if (failed.code == errc::not_found) failed.code = errc::not_a_registry;
        return failed;
    }
    log_.emplace(std::move(*opened));
    // Before the changes: what the position stands for is then made, even if a writer goes on meanwhile.
    auto source = log_->source_position();
    if (!source) return source.error();
    auto loaded = snapshots_.load_newest(*log_, opening);
    if (!loaded) return loaded.error();
    index_.emplace(std::move(*loaded));
    const auto start = std::chrono::steady_clock::now();
    in_memory_ = opening.snapshot_as_of.sequence;
    stall_patience patience{setting_.how.stall_patience};
    auto replayed = replay(hold(), *log_, patience);
    if (!replayed) {
        auto why = replayed.error();
        if (!opening.unusable_snapshots.empty())
            why.context += "; a newer snapshot is unusable: " + opening.unusable_snapshots.front().message();
        return why;
    }
    source_ = std::move(*source);
    ends_with(index_->as_of());
    in_doubt_ = last_;
    opening.changes_replayed = *replayed;
    opening.replay_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return {};
}

detailed_result<void> durable_index::open(registry_opening& opening) {
    auto done = load_and_replay(opening);
    if (!done) log_.reset();
    return done;
}

detailed_result<void> durable_index::make_durable(const held&, std::span<const change> changes,
                                                  std::uint64_t first_sequence, stall_patience& patience) {
    std::optional<std::size_t> rebuilt;
    for (;;) {
        std::size_t made_count = 0;
        const auto made = make_all(*index_, changes, patience, made_count);
        changes = changes.subspan(made_count);
        first_sequence += made_count;
        in_memory_ = first_sequence - 1;
        if (made) return {};
        const auto partition = partition_of(placement_hash(changes.front().id(), index_->placement_seed()));
        const auto what = [&] {
            return "change " + std::to_string(first_sequence) + " is in the log but not in memory";
        };
        if (!says_damage(made.error()) || rebuilt == partition) return failure{made.error(), what()};
        const auto repair = [&](const opened_snapshot& from) { return repair_up_to(from, partition, in_memory_); };
        if (const auto done = snapshots_.with_newest(repair); !done)
            return failure{done.error().code, what() + ": " + done.error().context};
        rebuilt = partition;
    }
}

detailed_result<std::uint64_t> durable_index::replay(const held& mine, const change_log& from,
                                                     stall_patience& patience) {
    std::vector<change> changes;
    const auto before = in_memory_;
    const auto visited =
        from.visit(in_memory_, change_log::no_end, [&](const change_batch& batch) -> detailed_result<bool> {
            changes.clear();
            if (!unpack_batch(batch, changes))
                return failure{errc::damaged_changes, setting_.directory.changes().string() +
                                                          ": the batch that begins with change " +
                                                          std::to_string(batch.first_sequence) + " is none"};
            // It may have been made in part: when memory ran out, or by a snapshot taken by other means than
            // checkpoint().
            const auto known = static_cast<std::size_t>(
                in_memory_ >= batch.first_sequence ? in_memory_ - batch.first_sequence + 1 : 0);
            const auto rest = std::span<const change>{changes}.subspan(known);
            if (auto done = make_durable(mine, rest, batch.first_sequence + known, patience); !done)
                return failure{done.error().code, setting_.directory.changes().string() + ": " + done.error().context};
            index_->set_as_of({batch.last_sequence(), batch.time_unix_ms});
            return true;
        });
    if (!visited) return visited.error();
    return in_memory_ - before;
}

detailed_result<void> durable_index::drain(const held& mine, stall_patience& patience) noexcept {
    if (in_memory_ == last_.sequence) return {};
    try {
        const auto replayed = replay(mine, *log_, patience);
        if (!replayed) return replayed.error();
    } catch (const std::bad_alloc&) {
        return failure{errc::out_of_memory, {}};
    } catch (...) {
        return failure{errc::io, {}};
    }
    return {};
}

detailed_result<void> durable_index::append(const held& mine, std::span<const change_batch> batches,
                                            const freshness& end, std::span<const std::byte> source_position) noexcept {
    detailed_result<void> done;
    in_doubt_ = end;
    bool threw = false;
    try {
        done = log_->append(batches, source_position);
    } catch (...) {
        done = failure{errc::out_of_memory, {}};
        threw = true;
    }
    if (done) ends_with(end);
    if (!threw && !log_->must_reopen()) {
        in_doubt_ = last_;
        return done;
    }
    if (done) {
        stopped_ = failure{errc::io, {}};
        return done;
    }
    auto why = done.error();
    stopped_ = failure{why.code, {}};
    const auto has_it = find_out(mine, why, end, source_position);
    if (!has_it) return has_it.error();
    return *has_it ? detailed_result<void>{} : why;
}

detailed_result<bool> durable_index::find_out(const held& mine, const failure& why, const freshness& end,
                                              std::span<const std::byte> source_position) noexcept {
    if (!resume(mine)) return told_as(errc::changes_in_doubt, why, {});
    if (last_.sequence != end.sequence) return false;
    if (source_position.empty()) return true;
    // A position may come without changes, and then the number is the same either way.
    try {
        const auto found = log_->source_position();
        if (found) return std::ranges::equal(*found, source_position);
    } catch (...) {
    }
    stopped_ = failure{errc::io, {}};
    return told_as(errc::changes_in_doubt, why, {});
}

detailed_result<void> durable_index::resume(const held&) noexcept {
    try {
        const auto refuse = [&](const failure& why) -> detailed_result<void> {
            return failure{errc::registry_stopped, setting_.directory.path().string() + ": " + why.message()};
        };
        if (is_closed_) return failure{errc::registry_stopped, setting_.directory.path().string() + ": it is closed"};
        if (!stopped_) return {};
        // As another process would after this one's end: what is in the write-ahead log is copied into the database
        // anew and synced before anything builds upon it.
        log_.reset();
        auto opened = change_log::open(setting_.place(), setting_.seals, change_log::access::write);
        if (!opened) return refuse(opened.error());
        const auto end = opened->last();
        if (!end) return refuse(end.error());
        if (end->sequence != last_.sequence && end->sequence != in_doubt_.sequence)
            return refuse({errc::sequence_gap, "the log ends with change " + std::to_string(end->sequence) +
                                                   ", acknowledged was change " + std::to_string(last_.sequence)});
        log_.emplace(std::move(*opened));
        ends_with(*end);
        in_doubt_ = last_;
        stopped_.reset();
        return {};
    } catch (...) {
        return failure{errc::registry_stopped, {}};
    }
}

detailed_result<bool> durable_index::trim_some(const held&, std::uint64_t up_to) {
    auto trimmed = log_->trim_some(std::min(up_to, in_memory_));
    if (log_->must_reopen()) stopped_ = failure{errc::io, {}};
    return trimmed;
}

detailed_result<freshness> durable_index::refresh() {
    stall_patience patience{setting_.how.stall_patience};
    const auto mine = hold();
    if (setting_.writes()) {
        if (auto done = resume(mine); !done) return done.error();
        if (auto done = drain(mine, patience); !done) return done.error();
        return index_->as_of();
    }
    if (!log_) return failure{errc::registry_stopped, setting_.directory.path().string() + ": it is closed"};
    auto source = log_->source_position();
    if (!source) return source.error();
    if (auto made = replay(mine, *log_, patience); !made) return made.error();
    source_ = std::move(*source);
    ends_with(index_->as_of());
    return index_->as_of();
}

detailed_result<std::vector<std::byte>> durable_index::source_position() {
    const auto mine = hold();
    if (!setting_.writes()) {
        if (!log_) return failure{errc::registry_stopped, setting_.directory.path().string() + ": it is closed"};
        return source_;
    }
    if (auto done = resume(mine); !done) return done.error();
    return log_->source_position();
}

detailed_result<void> durable_index::repair_up_to(const opened_snapshot& from, std::size_t partition,
                                                  std::uint64_t sequence) {
    if (from.header.sequence > sequence)
        return failure{errc::sequence_gap, from.file.path().string() + ": it is of a later time than the partition"};
    auto kept = partition_on_disk::open(setting_, from, partition);
    if (!kept) return kept.error();
    if (auto done = kept->bring_up(sequence); !done) return done;
    return kept->put_into(*index_);
}

detailed_result<void> durable_index::repair(const opened_snapshot& from, std::size_t partition) {
    auto kept = partition_on_disk::open(setting_, from, partition);
    if (!kept) return kept.error();
    // Most of the log is read while changes go on; only the end of it while they wait.
    if (auto done = kept->bring_up(index_->as_of().sequence); !done) return done;
    stall_patience patience{setting_.how.stall_patience};
    const auto mine = hold();
    // A reader's index may be behind the snapshot that a writer has made since, a writer's behind its own.
    if (in_memory_ < from.header.sequence)
        if (auto caught_up = replay(mine, kept->log(), patience); !caught_up) return caught_up.error();
    if (auto done = kept->bring_up(in_memory_); !done) return done;
    return kept->put_into(*index_);
}

detailed_result<void> durable_index::close(const held&) {
    log_.reset();
    const auto why = std::exchange(stopped_, std::nullopt);
    is_closed_ = true;
    if (why) return failure{errc::registry_stopped, why->message()};
    return {};
}

}  // namespace xacthuc::inline v0_1
