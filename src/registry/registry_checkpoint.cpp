// SPDX-License-Identifier: Apache-2.0
// Checkpoints and repairs: a partition as it is now, made of the last snapshot's block and the log's changes.
#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "index/block_plan.hpp"
#include "index/worker_threads.hpp"
#include "registry/block_layout.hpp"
#include "registry/partition_changes.hpp"
#include "registry/partition_failures.hpp"
#include "registry/registry_state.hpp"
#include "registry/snapshot_reader.hpp"
#include "registry/snapshot_writer.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] detailed_result<std::vector<kept_citizen>> citizens_of(const opened_snapshot& from, std::size_t partition,
                                                                     std::vector<std::byte>& buffer) {
    buffer.resize(static_cast<std::size_t>(from.directory[partition].size_bytes));
    if (auto done = from.read_block(partition, buffer); !done) return done.error();
    std::vector<kept_citizen> citizens;
    take_citizens(buffer, citizens);
    return citizens;
}

[[nodiscard]] detailed_result<void> bring_up_to_date(std::vector<kept_citizen>& citizens,
                                                     std::span<const change> changes) {
    const auto made = make_among(citizens, changes);
    if (made == changes.size()) return {};
    return failure{errc::damaged_changes, "change " + std::to_string(changes[made].sequence) +
                                              " concerns somebody who is not in the register"};
}

// A snapshot's blocks with changes made in them.
class merging {
  public:
    merging(const opened_snapshot& from, const partition_changes& changes) noexcept : from_{from}, changes_{changes} {}

    // Chooses how large each block will be. How many citizens the changes add is known exactly only after reading the
    // blocks, which is done when it matters. Errors: io; index_full; those of reading blocks.
    [[nodiscard]] detailed_result<void> plan(unsigned threads) {
        std::vector<std::uint64_t> least;
        std::vector<std::uint64_t> most;
        for (std::size_t p = 0; p < from_.directory.size(); ++p) {
            block_head head;
            const auto bytes = std::as_writable_bytes(std::span{&head, 1});
            if (auto done = from_.file.read(bytes, from_.directory[p].offset); !done) return done;
            lines_.push_back(head.line_count);
            const auto concerned = changes_.citizens_of(p);
            least.push_back(head.live_count - std::min<std::uint64_t>(concerned, head.live_count));
            most.push_back(head.live_count + concerned);
        }
        const auto if_least = adapt_blocks(lines_, least);
        const auto if_most = adapt_blocks(lines_, most);
        if (if_least && if_most && if_least->lines == lines_ && if_most->lines == lines_) return {};
        if (auto done = count_citizens(threads, most); !done) return done;
        auto planned = adapt_blocks(lines_, most);
        if (!planned) return planned.error();
        lines_ = std::move(planned->lines);
        return {};
    }

    [[nodiscard]] block_source source() const {
        std::vector<std::uint64_t> sizes;
        for (std::size_t p = 0; p < lines_.size(); ++p) sizes.push_back(shape_of(p).bytes());
        return {.sizes = std::move(sizes),
                .fill = [this](std::size_t p, std::span<std::byte> to) { return fill(p, to); },
                .citizens = {}};
    }

  private:
    [[nodiscard]] block_shape shape_of(std::size_t partition) const noexcept {
        return {lines_[partition], (from_.header.flags & snapshot_flag_keys) != 0, from_.header.placement_seed};
    }

    // The citizens of each partition that changes concern.
    [[nodiscard]] detailed_result<void> count_citizens(unsigned threads, std::vector<std::uint64_t>& citizens) const {
        std::atomic<std::size_t> next{0};
        partition_failures failures;
        on_threads(std::max(threads, 1U), [&](unsigned) {
            std::vector<std::byte> buffer;
            for (auto p = next++; p < citizens.size() && !failures.stopped(); p = next++) {
                const auto changes = changes_.of(p);
                if (changes.empty()) continue;
                auto merged = merge(p, changes, buffer);
                if (merged)
                    citizens[p] = merged->size();
                else
                    failures.add_and_stop(p, merged.error());
            }
        });
        if (auto failed = std::move(failures).outcome()) return *std::move(failed);
        return {};
    }

    [[nodiscard]] detailed_result<std::vector<kept_citizen>> merge(std::size_t partition,
                                                                   std::span<const change> changes,
                                                                   std::vector<std::byte>& buffer) const {
        auto citizens = citizens_of(from_, partition, buffer);
        if (!citizens) return citizens;
        if (auto done = bring_up_to_date(*citizens, changes); !done) return done.error();
        return citizens;
    }

    [[nodiscard]] detailed_result<void> fill(std::size_t partition, std::span<std::byte> to) const {
        const auto changes = changes_.of(partition);
        if (changes.empty() && from_.directory[partition].size_bytes == to.size())
            return from_.read_block(partition, to);
        std::vector<std::byte> buffer;
        auto citizens = merge(partition, changes, buffer);
        if (!citizens) return citizens.error();
        const auto shape = shape_of(partition);
        // The size was planned from heads that had not been checked by then.
        if (citizens->size() >= std::size_t{shape.line_count} * slots_per_line)
            return failure{errc::damaged_header, from_.file.path().string() + ": partition " +
                                                     std::to_string(partition) + " holds more than its head says"};
        lay_out_block(partition, shape, *citizens, to);
        return {};
    }

    const opened_snapshot& from_;
    const partition_changes& changes_;
    std::vector<std::uint32_t> lines_;  // of each partition's block
};

}  // namespace

// Whether another snapshot may do where this one failed.
[[nodiscard]] static bool is_of_snapshot(const failure& why) noexcept {
    return why.code != errc::out_of_memory && why.code != errc::registry_stopped && why.code != errc::disk_full;
}

detailed_result<void> registry::state::with_snapshot(
    const std::function<detailed_result<void>(const opened_snapshot&)>& work) {
    const auto snapshots = directory.snapshots();
    if (!snapshots) return snapshots.error();
    failure first{errc::not_a_registry, directory.path().string() + ": there is no snapshot in it"};
    const auto reader = open_reader();
    if (!reader) return reader.error();
    for (const auto& one : *snapshots) {
        if (std::ranges::count(unusable, one.path) != 0) continue;
        const auto placed = check_place(one, *reader);
        const auto opened =
            placed ? open_snapshot(*system.files, one.path, trusted, partition_count, digests.fingerprint())
                   : detailed_result<opened_snapshot>{placed.error()};
        auto done = opened ? work(*opened) : detailed_result<void>{opened.error()};
        if (done) return done;
        if (first.code == errc::not_a_registry) first = done.error();
        if (!is_of_snapshot(done.error())) break;
    }
    return first;
}

detailed_result<void> registry::state::drop_old(unsigned snapshots_kept) {
    auto snapshots = directory.snapshots();
    if (!snapshots) return snapshots.error();
    const auto remove = [&](const std::filesystem::path& path) -> detailed_result<void> {
        if (const int answer = system.files->unlink(system.files->context, path.c_str()); answer < 0)
            return file_failure(answer, path, "remove");
        return {};
    };
    const auto is_unusable = [&](const auto& one) { return std::ranges::count(unusable, one.path) != 0; };
    for (const auto& one : *snapshots)
        if (is_unusable(one))
            if (auto done = remove(one.path); !done) return done;
    std::erase_if(*snapshots, is_unusable);
    unusable.clear();
    // A snapshot counts for what its header says, not for its name.
    const auto reader = open_reader();
    if (!reader) return reader.error();
    std::erase_if(*snapshots, [&](const auto& one) { return !check_place(one, *reader); });
    if (snapshots->empty()) return failure{errc::not_a_registry, directory.path().string() + ": no snapshot is whole"};
    auto kept = std::min<std::size_t>(std::max(snapshots_kept, 1U), snapshots->size());
    // The changes first: a snapshot too many does no harm, one that lacks its changes is of no use.
    for (bool more = true; more;) {
        const std::lock_guard held{writing};
        if (auto done = resume(); !done) return done;
        // Changes that wait to be made in memory are still needed, and a snapshot to repair a partition from on the
        // way.
        while (kept < snapshots->size() && (*snapshots)[kept - 1].sequence > in_memory) ++kept;
        const auto trimmed = log->trim_some(std::min((*snapshots)[kept - 1].sequence, in_memory));
        if (log->must_reopen()) stopped = failure{errc::io, {}};
        if (!trimmed) return trimmed.error();
        more = *trimmed;
    }
    for (auto at = kept; at < snapshots->size(); ++at)
        if (auto done = remove((*snapshots)[at].path); !done) return done;
    return {};
}

detailed_result<checkpoint_facts> registry::state::write_merged(const opened_snapshot& from, const freshness& now,
                                                                const checkpoint_options& options) {
    const auto log_reader = open_reader();
    if (!log_reader) return log_reader.error();
    const auto changes =
        partition_changes::gather(*log_reader, from.header.sequence, now.sequence, from.header.placement_seed);
    if (!changes) return changes.error();
    merging merged{from, *changes};
    if (auto done = merged.plan(options.threads); !done) return done.error();
    auto of_index = facts_of(from.header).index;
    of_index.as_of = now;
    const auto there = log_reader->seal_at(now.sequence);
    if (!there) return there.error();
    if (!*there)
        return failure{errc::sequence_gap, directory.changes().string() + ": change " + std::to_string(now.sequence) +
                                               " does not end a batch"};
    const auto path = directory.snapshot(now.sequence);
    const auto saved = write_snapshot(*system.files, path, of_index, merged.source(), *how.authority,
                                      {.threads = options.threads, .created_unix_ms = {}, .report = options.report},
                                      {from.header.registry, **there});
    if (!saved) return saved.error();
    std::erase(unusable, path);
    return checkpoint_facts{path, now, saved->index.citizens, saved->file_bytes, changes->count(), true};
}

detailed_result<checkpoint_facts> registry::checkpoint(const checkpoint_options& options) {
    auto& s = *state_;
    if (s.is_inherited()) return s.inherited();
    if (!s.writes() || !s.how.authority)
        return failure{errc::read_only,
                       s.directory.path().string() + ": opened without what a snapshot is signed with"};
    freshness now;
    {
        const std::lock_guard held{s.writing};
        if (auto done = s.resume(); !done) return done.error();
        now = s.last;
    }
    s.directory.sweep();
    checkpoint_facts facts;
    auto done = s.with_snapshot([&](const opened_snapshot& from) -> detailed_result<void> {
        if (from.header.sequence == now.sequence) {
            facts = {.snapshot = from.file.path(),
                     .as_of = now,
                     .citizens = from.header.citizens,
                     .file_bytes = from.header.file_bytes};
            return {};
        }
        auto written = s.write_merged(from, now, options);
        if (!written) return written.error();
        facts = std::move(*written);
        return {};
    });
    if (!done) return done.error();
    if (done = s.drop_old(options.snapshots_kept); !done) return done.error();
    return facts;
}

detailed_result<void> registry::state::rebuild(std::size_t partition, const std::vector<kept_citizen>& citizens) {
    std::vector<record> records;
    std::vector<std::byte> keys;
    for (const auto& who : citizens) {
        records.push_back(who.facts);
        if (index->facts().with_keys) keys.insert(keys.end(), who.key.begin(), who.key.end());
    }
    return index->rebuild_partition(partition, records, keys);
}

detailed_result<void> registry::state::repair_up_to(const opened_snapshot& from, std::size_t partition,
                                                    std::uint64_t sequence) {
    if (from.header.sequence > sequence)
        return failure{errc::sequence_gap, from.file.path().string() + ": it is of a later time than the partition"};
    std::vector<std::byte> buffer;
    auto citizens = citizens_of(from, partition, buffer);
    if (!citizens) return citizens.error();
    const auto reader = open_reader();
    if (!reader) return reader.error();
    const auto changes =
        partition_changes::gather(*reader, from.header.sequence, sequence, from.header.placement_seed, partition);
    if (!changes) return changes.error();
    if (auto done = bring_up_to_date(*citizens, changes->of(partition)); !done) return done;
    return rebuild(partition, *citizens);
}

detailed_result<void> registry::state::repair_from(const opened_snapshot& from, std::size_t partition) {
    std::vector<std::byte> buffer;
    auto citizens = citizens_of(from, partition, buffer);
    if (!citizens) return citizens.error();
    const auto reader = open_reader();
    if (!reader) return reader.error();
    auto upto = from.header.sequence;
    const auto bring_up = [&](std::uint64_t sequence) -> detailed_result<void> {
        const auto changes = partition_changes::gather(*reader, upto, sequence, from.header.placement_seed, partition);
        if (!changes) return changes.error();
        upto = std::max(upto, sequence);
        return bring_up_to_date(*citizens, changes->of(partition));
    };
    // Most of the log is read while changes go on; only the end of it while they wait.
    if (auto done = bring_up(index->as_of().sequence); !done) return done;
    stall_patience patience{how.stall_patience};
    const std::lock_guard held{writing};
    // A reader's index may be behind the snapshot that a writer has made since, a writer's behind its own.
    if (in_memory < from.header.sequence)
        if (auto caught_up = replay(*reader, patience); !caught_up) return caught_up.error();
    if (auto done = bring_up(in_memory); !done) return done;
    return rebuild(partition, *citizens);
}

detailed_result<registry_scrub_report> registry::scrub(std::size_t first_partition, std::size_t partitions) {
    constexpr std::size_t damaged_listed_max = 100;
    auto& s = *state_;
    if (s.is_inherited()) return s.inherited();
    registry_scrub_report report;
    if (s.writes() && s.index->as_of().sequence != durable_sequence()) {
        // Whoever changes things now sees to what is pending; where nobody does, this does.
        const std::unique_lock held{s.writing, std::try_to_lock};
        stall_patience none{std::chrono::milliseconds{0}};
        if (held.owns_lock() && s.resume()) static_cast<void>(s.drain(none));
    }
    const auto end = std::min(first_partition + partitions, partition_count);
    for (auto p = first_partition; p < end; ++p) {
        const auto found = s.index->scrub(p, 1);
        ++report.partitions;
        report.live += found.live;
        if (found.damaged == 0) continue;
        report.damaged_slots += found.damaged;
        if (report.damaged_partitions.size() < damaged_listed_max) report.damaged_partitions.push_back(p);
        const auto repair = [&](const opened_snapshot& from) { return s.repair_from(from, p); };
        if (auto done = s.with_snapshot(repair); !done) return done.error();
        ++report.partitions_repaired;
    }
    return report;
}

}  // namespace xacthuc::inline v0_1
