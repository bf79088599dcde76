// SPDX-License-Identifier: Apache-2.0
#include "registry/snapshot_writer.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <vector>

#include "index/slot.hpp"
#include "index/worker_threads.hpp"
#include "registry/partition_ranges.hpp"
#include "registry/range_work.hpp"
#include "registry/snapshot_format.hpp"

namespace xacthuc::inline v0_1 {
namespace {

using block_view = std::span<const std::byte>;

// Large enough that a disk is kept busy by few calls, small enough that a copy is still in the cache when hashed.
constexpr std::uint64_t write_bytes = std::uint64_t{4} << 20;

[[nodiscard]] snapshot_header planned_header(const index_facts& facts, std::size_t partitions,
                                             std::uint64_t blocks_bytes, const save_snapshot_options& how) {
    using namespace std::chrono;
    const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    snapshot_header header;
    header.partition_count = static_cast<std::uint32_t>(partitions);
    header.flags = facts.with_keys ? snapshot_flag_keys : 0;
    header.placement_seed = facts.placement_seed;
    header.digest_key_fingerprint = facts.digest_key_fingerprint;
    header.sequence = facts.as_of.sequence;
    header.as_of_unix_ms = facts.as_of.as_of_unix_ms;
    header.created_unix_ms = how.created_unix_ms.value_or(now);
    header.directory.offset = sizeof header;
    header.directory.size_bytes = partitions * sizeof(snapshot_entry);
    header.blocks.offset = snapshot_blocks_offset(partitions);
    header.blocks.size_bytes = blocks_bytes;
    header.file_bytes = header.blocks.offset + blocks_bytes;
    return header;
}

// Counts a block's live records and checks each. A block's own count is as old as the block: it is brought up to date.
[[nodiscard]] detailed_result<std::uint64_t> settle_block(std::span<std::byte> block, std::size_t partition) {
    block_head head;
    std::memcpy(&head, block.data(), sizeof head);
    head.live_count = 0;
    head.spare = {};  // in memory writers keep words there
    const std::size_t slots = std::size_t{head.line_count} * slots_per_line;
    for (std::size_t s = 0; s < slots; ++s) {
        record r;
        std::memcpy(&r, block.data() + sizeof head + s * sizeof r, sizeof r);
        if (slot_word::state_of(r.words[0]) != slot_state::live) continue;
        if (!is_intact(r))
            return failure{errc::damaged_record, "in memory: partition " + std::to_string(partition) + ", slot " +
                                                     std::to_string(s) + "; nothing was saved"};
        ++head.live_count;
    }
    std::memcpy(block.data(), &head, sizeof head);
    return head.live_count;
}

class writing {
  public:
    writing(const open_file& file, const block_source& blocks, std::vector<snapshot_entry>& directory,
            const snapshot_progress& report)
        : file_{file},
          blocks_{blocks},
          directory_{directory},
          work_{partition_ranges(blocks.sizes.size(), write_bytes, [&](std::size_t p) { return blocks.sizes[p]; }), 1,
                report} {}

    void work(unsigned worker) {
        std::vector<std::byte> buffer;
        std::vector<block_view> copies;
        std::vector<binding_hash> hashes;
        work_.take(worker, [&](partition_range range) { write_range(range, buffer, copies, hashes); });
    }

    [[nodiscard]] std::uint64_t live() const noexcept { return work_.live(); }
    [[nodiscard]] std::optional<failure> outcome() && { return std::move(work_.failures()).outcome(); }

  private:
    // Works on a copy, so that what is hashed, checked and written is the same whatever happens in memory meanwhile.
    void write_range(partition_range range, std::vector<std::byte>& buffer, std::vector<block_view>& copies,
                     std::vector<binding_hash>& hashes) {
        const auto begin = directory_[range.first].offset;
        const auto& end = directory_[range.last - 1];
        buffer.resize(static_cast<std::size_t>(end.offset + end.size_bytes - begin));
        copies.clear();
        for (auto p = range.first; p < range.last; ++p) {
            auto& entry = directory_[p];
            const std::span<std::byte> copy{buffer.data() + (entry.offset - begin),
                                            static_cast<std::size_t>(entry.size_bytes)};
            if (auto filled = blocks_.fill(p, copy); !filled) return work_.failures().add_and_stop(p, filled.error());
            const auto live = settle_block(copy, p);
            if (!live) return work_.failures().add_and_stop(p, live.error());
            work_.add_live(*live);
            entry.damage = hash_for_damage(copy);
            copies.push_back(copy);
        }
        hashes.resize(copies.size());
        hash_for_binding(copies, hashes);
        for (std::size_t i = 0; i < hashes.size(); ++i) directory_[range.first + i].binding = hashes[i];
        if (auto done = file_.write(buffer, begin); !done) work_.failures().add_and_stop(range.first, done.error());
    }

    const open_file& file_;
    const block_source& blocks_;
    std::vector<snapshot_entry>& directory_;
    range_work work_;
};

}  // namespace

block_source blocks_at(std::vector<block_view> blocks, std::uint64_t citizens) {
    block_source source;
    for (const auto& block : blocks) source.sizes.push_back(block.size());
    source.fill = [all = std::move(blocks)](std::size_t p, std::span<std::byte> to) -> detailed_result<void> {
        std::memcpy(to.data(), all[p].data(), to.size());
        return {};
    };
    source.citizens = citizens;
    return source;
}

block_source blocks_of(const citizen_index& index) {
    block_source source;
    for (std::size_t p = 0; p < partition_count; ++p) source.sizes.push_back(index.block(p).size());
    source.fill = [&index](std::size_t p, std::span<std::byte> to) -> detailed_result<void> {
        std::vector<std::byte> copy;
        if (auto copied = index.copy_block(p, copy); !copied)
            return failure{copied.error().code, "in memory: " + copied.error().context + "; nothing was saved"};
        if (copy.size() != to.size())
            return failure{errc::io, "in memory: partition " + std::to_string(p) + " grew while it was saved"};
        std::memcpy(to.data(), copy.data(), to.size());
        return {};
    };
    source.citizens = index.citizens();
    return source;
}

detailed_result<snapshot_facts> write_snapshot(const file_calls& calls, const std::filesystem::path& path,
                                               const index_facts& facts, std::span<const block_view> blocks,
                                               const authority_key& authority, const save_snapshot_options& how) {
    return write_snapshot(calls, path, facts, blocks_at({blocks.begin(), blocks.end()}, facts.citizens), authority,
                          how);
}

detailed_result<snapshot_facts> write_snapshot(const file_calls& calls, const std::filesystem::path& path,
                                               const index_facts& facts, const block_source& blocks,
                                               const authority_key& authority, const save_snapshot_options& how,
                                               const snapshot_bond& bond) {
    const auto partitions = blocks.sizes.size();
    std::vector<snapshot_entry> directory(partitions);
    auto end = snapshot_blocks_offset(partitions);
    const auto blocks_offset = end;
    for (std::size_t p = 0; p < partitions; ++p) {
        directory[p].offset = end;
        directory[p].size_bytes = blocks.sizes[p];
        end += blocks.sizes[p];
    }
    auto header = planned_header(facts, partitions, end - blocks_offset, how);
    header.registry = bond.registry;
    header.change_seal = bond.change_seal;

    auto replacement = replacement_file::create(calls, path);
    if (!replacement) return replacement.error();
    const auto& file = replacement->file();
    if (auto done = file.reserve(header.file_bytes); !done) return done.error();

    writing job{file, blocks, directory, how.report};
    on_threads(std::max(how.threads, 1U), [&](unsigned worker) { job.work(worker); });
    header.citizens = job.live();
    if (auto failed = std::move(job).outcome()) return *std::move(failed);
    if (blocks.citizens && header.citizens != *blocks.citizens)
        return failure{errc::damaged_record, "in memory: the index counts " + std::to_string(*blocks.citizens) +
                                                 " citizens, its partitions hold " + std::to_string(header.citizens) +
                                                 "; nothing was saved"};

    seal_header(header, directory, authority);
    std::vector<std::byte> front(static_cast<std::size_t>(blocks_offset));
    std::memcpy(front.data(), &header, sizeof header);
    std::memcpy(front.data() + sizeof header, directory.data(), directory.size() * sizeof(snapshot_entry));
    if (auto done = file.write(front, 0); !done) return done.error();
    if (how.report) how.report(partitions);  // what it throws, it throws before the file is there
    if (auto done = replacement->commit(); !done) return done.error();
    auto written = facts_of(header);
    written.signature_verifies = true;
    return written;
}

}  // namespace xacthuc::inline v0_1
