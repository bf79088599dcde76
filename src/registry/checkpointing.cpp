// SPDX-License-Identifier: Apache-2.0
#include "registry/checkpointing.hpp"

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
#include "registry/partition_on_disk.hpp"
#include "registry/snapshot_reader.hpp"
#include "registry/snapshot_writer.hpp"

namespace xacthuc::inline v0_1 {
namespace {

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

detailed_result<void> checkpointing::drop_old(unsigned snapshots_kept) {
    const auto snapshots = snapshots_.drop_damaged();
    if (!snapshots) return snapshots.error();
    auto kept = std::min<std::size_t>(std::max(snapshots_kept, 1U), snapshots->size());
    // The changes first: a snapshot too many does no harm, one that lacks its changes is of no use.
    for (bool more = true; more;) {
        const auto writing = index_.hold();
        if (auto done = index_.resume(writing); !done) return done;
        // Changes that wait to be made in memory are still needed, and a snapshot to repair a partition from on the
        // way.
        while (kept < snapshots->size() && (*snapshots)[kept - 1].sequence > index_.in_memory(writing)) ++kept;
        const auto trimmed = index_.trim_some(writing, (*snapshots)[kept - 1].sequence);
        if (!trimmed) return trimmed.error();
        more = *trimmed;
    }
    for (auto at = kept; at < snapshots->size(); ++at)
        if (auto done = snapshots_.remove((*snapshots)[at].path); !done) return done;
    return {};
}

detailed_result<checkpoint_facts> checkpointing::write_merged(const opened_snapshot& from, const freshness& now,
                                                              const checkpoint_options& options) {
    const auto log_reader = setting_.open_reader();
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
        return failure{errc::sequence_gap, setting_.directory.changes().string() + ": change " +
                                               std::to_string(now.sequence) + " does not end a batch"};
    const auto path = setting_.directory.snapshot(now.sequence);
    const auto saved = write_snapshot(*setting_.system.files, path, of_index, merged.source(), *setting_.how.authority,
                                      {.threads = options.threads, .created_unix_ms = {}, .report = options.report},
                                      {from.header.registry, **there});
    if (!saved) return saved.error();
    snapshots_.written(path);
    return checkpoint_facts{path, now, saved->index.citizens, saved->file_bytes, changes->count(), true};
}

detailed_result<checkpoint_facts> checkpointing::write(const checkpoint_options& how) {
    const std::lock_guard turn{one_at_a_time_};
    freshness now;
    {
        const auto writing = index_.hold();
        if (auto done = index_.resume(writing); !done) return done.error();
        now = index_.last(writing);
    }
    setting_.directory.sweep();
    checkpoint_facts facts;
    auto done = snapshots_.with_newest([&](const opened_snapshot& from) -> detailed_result<void> {
        if (from.header.sequence == now.sequence) {
            facts = {.snapshot = from.file.path(),
                     .as_of = now,
                     .citizens = from.header.citizens,
                     .file_bytes = from.header.file_bytes};
            return {};
        }
        auto written = write_merged(from, now, how);
        if (!written) return written.error();
        facts = std::move(*written);
        return {};
    });
    if (!done) return done.error();
    if (done = drop_old(how.snapshots_kept); !done) return done.error();
    return facts;
}

}  // namespace xacthuc::inline v0_1
