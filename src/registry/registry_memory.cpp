// SPDX-License-Identifier: Apache-2.0
// What is durable comes into memory, and a log that failed is opened anew: nothing stops for good that can go on.
#include <chrono>
#include <new>
#include <string>
#include <thread>
#include <utility>

#include "registry/registry_state.hpp"

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
            return outcome_of(index.upsert_recorded(what.after, public_key_bytes_view{what.key}));
        case change_kind::erase:
            return outcome_of(index.erase(id));
        case change_kind::set_key:
            return outcome_of(index.set_key(id, public_key_bytes_view{what.key}));
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

detailed_result<void> registry::state::make_durable(std::span<const change> changes, std::uint64_t first_sequence,
                                                    stall_patience& patience) {
    std::optional<std::size_t> rebuilt;
    for (;;) {
        std::size_t made_count = 0;
        const auto made = make_all(*index, changes, patience, made_count);
        changes = changes.subspan(made_count);
        first_sequence += made_count;
        in_memory = first_sequence - 1;
        if (made) return {};
        const auto partition = partition_of(placement_hash(changes.front().id(), index->placement_seed()));
        const auto what = [&] {
            return "change " + std::to_string(first_sequence) + " is in the log but not in memory";
        };
        if (!says_damage(made.error()) || rebuilt == partition) return failure{made.error(), what()};
        const auto repair = [&](const opened_snapshot& from) { return repair_up_to(from, partition, in_memory); };
        if (const auto done = with_snapshot(repair); !done)
            return failure{done.error().code, what() + ": " + done.error().context};
        rebuilt = partition;
    }
}

detailed_result<std::uint64_t> registry::state::replay(const change_log& from, stall_patience& patience) {
    std::vector<change> changes;
    const auto before = in_memory;
    const auto visited =
        from.visit(in_memory, change_log::no_end, [&](const change_batch& batch) -> detailed_result<bool> {
            changes.clear();
            if (!unpack_batch(batch, changes))
                return failure{errc::damaged_changes, directory.changes().string() +
                                                          ": the batch that begins with change " +
                                                          std::to_string(batch.first_sequence) + " is none"};
            // It may have been made in part: when memory ran out, or by a snapshot taken by other means than
            // checkpoint().
            const auto known =
                static_cast<std::size_t>(in_memory >= batch.first_sequence ? in_memory - batch.first_sequence + 1 : 0);
            const auto rest = std::span<const change>{changes}.subspan(known);
            if (auto done = make_durable(rest, batch.first_sequence + known, patience); !done)
                return failure{done.error().code, directory.changes().string() + ": " + done.error().context};
            index->set_as_of({batch.last_sequence(), batch.time_unix_ms});
            return true;
        });
    if (!visited) return visited.error();
    return in_memory - before;
}

detailed_result<void> registry::state::drain(stall_patience& patience) noexcept {
    if (in_memory == last.sequence) return {};
    try {
        const auto replayed = replay(*log, patience);
        if (!replayed) return replayed.error();
    } catch (const std::bad_alloc&) {
        return failure{errc::out_of_memory, {}};
    } catch (...) {
        return failure{errc::io, {}};
    }
    return {};
}

detailed_result<void> registry::state::append(std::span<const change_batch> batches, const freshness& end) noexcept {
    detailed_result<void> done;
    in_doubt = end;
    bool threw = false;
    try {
        done = log->append(batches);
    } catch (...) {
        done = failure{errc::out_of_memory, {}};
        threw = true;
    }
    if (done) ends_with(end);
    if (!threw && !log->must_reopen()) {
        in_doubt = last;
        return done;
    }
    if (done) {
        stopped = failure{errc::io, {}};
        return done;
    }
    auto why = done.error();
    stopped = failure{why.code, {}};
    if (!resume()) return told_as(errc::changes_in_doubt, why, {});
    if (last.sequence == end.sequence) return {};
    return why;
}

detailed_result<void> registry::state::resume() noexcept {
    try {
        const auto refuse = [&](const failure& why) -> detailed_result<void> {
            return failure{errc::registry_stopped, directory.path().string() + ": " + why.message()};
        };
        if (is_closed) return failure{errc::registry_stopped, directory.path().string() + ": it is closed"};
        if (!stopped) return {};
        // As another process would after this one's end: what is in the write-ahead log is copied into the database
        // anew and synced before anything builds upon it.
        log.reset();
        auto opened = change_log::open(place(), seals, change_log::access::write);
        if (!opened) return refuse(opened.error());
        const auto end = opened->last();
        if (!end) return refuse(end.error());
        if (end->sequence != last.sequence && end->sequence != in_doubt.sequence)
            return refuse({errc::sequence_gap, "the log ends with change " + std::to_string(end->sequence) +
                                                   ", acknowledged was change " + std::to_string(last.sequence)});
        log.emplace(std::move(*opened));
        ends_with(*end);
        in_doubt = last;
        stopped.reset();
        return {};
    } catch (...) {
        return failure{errc::registry_stopped, {}};
    }
}

}  // namespace xacthuc::inline v0_1
