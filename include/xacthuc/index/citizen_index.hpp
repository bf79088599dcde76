// SPDX-License-Identifier: Apache-2.0
// The register in memory: 16,384 partitions, each an open-addressing table of cache lines with two records a line.
//
//   directory   16,384 × table_word, 128 KiB, so that it stays in the second-level cache
//   block       block_head 64 B · line_count × line 64 B [· line_count × 2 keys of 32 B]     one a partition
//
// A record's partition is the top 14 bits of XXH3-64(id, seed), its home line the low 32 bits scaled to the partition's
// line count; it lies in the first line from there, wrapping around, that had a slot for it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/huge_pages.hpp>

namespace xacthuc::inline v0_1 {

inline constexpr unsigned partition_bits = 14;
inline constexpr std::size_t partition_count = std::size_t{1} << partition_bits;

// How fresh an index is: the sequence number of the last change in it, and when that was, in Unix milliseconds.
struct freshness {
    std::uint64_t sequence = 0;
    std::int64_t as_of_unix_ms = 0;
};

// What belongs to an index as a whole, beside its blocks.
struct index_facts {
    std::uint64_t placement_seed = 0;
    std::uint64_t citizens = 0;
    std::uint64_t digest_key_fingerprint = 0;
    freshness as_of{};
    bool with_keys = false;
    bool read_only = false;
};

// A partition is a number below partition_count. Calls of another one, which can only be a fault of the program, throw
// std::invalid_argument, or end the process where they are noexcept.
class citizen_index {
  public:
    using block_offsets = std::array<std::uint64_t, partition_count>;

    // Puts an index together from blocks that lie in `memory` at these offsets, 64-byte aligned.
    // Requires: every block is whole and its head's line_count right; for data from outside the caller has checked
    // that.
    // Errors: out_of_memory.
    // Exceptions: std::invalid_argument for a block that does not lie in the memory.
    [[nodiscard]] XACTHUC_API static detailed_result<citizen_index> from_blocks(const index_facts& facts,
                                                                                huge_pages memory,
                                                                                const block_offsets& offsets);

    // An index of these facts in which every partition is elsewhere: see add_partition().
    // Errors: out_of_memory.
    [[nodiscard]] XACTHUC_API static detailed_result<citizen_index> without_partitions(const index_facts& facts);

    XACTHUC_API citizen_index(citizen_index&&) noexcept;
    XACTHUC_API citizen_index& operator=(citizen_index&&) noexcept;
    XACTHUC_API ~citizen_index();

    // Complexity: constant.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API std::uint64_t citizens() const noexcept;
    [[nodiscard]] XACTHUC_API freshness as_of() const noexcept;
    [[nodiscard]] XACTHUC_API index_facts facts() const noexcept;
    // Everything the index holds, in bytes: blocks, directory, epochs.
    [[nodiscard]] XACTHUC_API std::size_t memory_bytes() const noexcept;

    // A copy of the citizen's record, or none.
    // Concurrency: wait-free.
    // Errors: damaged_record when the record fails its check, or, where none is found, a slot on the way does;
    // partition_elsewhere.
    [[nodiscard]] XACTHUC_API result<std::optional<record>> find(personal_id id) const noexcept;
    // Copies the key registered for the citizen.
    // Returns false when there is none, or her partition is elsewhere.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API bool find_key(personal_id id, public_key& key) const noexcept;

    // Changes. Per citizen they are linearizable, and each carries a version: 20 bits that rise by serial-number
    // arithmetic (a version is newer than another when it is less than 2^19 ahead of it, modulo 2^20). Without a
    // version the index takes the next one after what it holds, 0 for a citizen it knows nothing of; a given version
    // that is not newer than what it holds changes nothing and is change_is_older. An erased citizen's version is
    // remembered until the partition's next clean-up, growth or rebuild, or until the register is loaded again.
    // Concurrency: lock-free but for the allocator, which growth and clean-up ask for a block; any number of writers
    // and readers. Errors of all: read_only, partition_elsewhere, change_is_older, out_of_memory, index_full (a
    // partition of 524,287 lines), path_too_long (an upsert only: so many numbers come to one place that looking there
    // would take long; numbers that were not chosen for it never do), reclamation_stalled (readers hold so many
    // replaced tables that no more memory may be taken: repeat when they have left), damaged_record (the partition has
    // to be cleaned up and a record in it fails its check: rebuild_partition() mends it). After an error nothing has
    // changed.
    struct change_result {
        bool inserted = false;  // the citizen was not there before
        std::uint32_t version = 0;
    };
    // Inserts or replaces. The record's own state, version and integrity bits are ignored. Without a key the citizen
    // keeps the one registered; all zeros is "none".
    // Errors: no_key_column when a key is given.
    [[nodiscard]] XACTHUC_API result<change_result> upsert(
        const record& r, const std::optional<public_key>& key = std::nullopt,
        std::optional<std::uint32_t> version = std::nullopt) noexcept;
    // The same for a change that a log has already: it is made however long the path is.
    // Errors: those of upsert() but for path_too_long.
    [[nodiscard]] XACTHUC_API result<change_result> upsert_recorded(
        const record& r, const std::optional<public_key>& key = std::nullopt) noexcept;
    // Whether an upsert of this citizen, where she is not there yet, finds a place: to be asked before it is written to
    // a log.
    // Complexity: one look-up.
    // Concurrency: wait-free.
    // Errors: path_too_long; partition_elsewhere.
    [[nodiscard]] XACTHUC_API result<void> check_path(personal_id id) const noexcept;
    // Errors: citizen_unknown.
    [[nodiscard]] XACTHUC_API result<change_result> erase(personal_id id,
                                                          std::optional<std::uint32_t> version = std::nullopt) noexcept;
    // Registers a key for a citizen; all zeros is "none".
    // Errors: citizen_unknown, no_key_column.
    [[nodiscard]] XACTHUC_API result<change_result> set_key(
        personal_id id, const public_key& key, std::optional<std::uint32_t> version = std::nullopt) noexcept;
    // Starts loading what a change to this citizen will touch; worth it some changes ahead.
    // Concurrency: wait-free.
    XACTHUC_API void prefetch(personal_id id) const noexcept;
    XACTHUC_API void set_as_of(freshness as_of) noexcept;

    // A consistent copy of one partition, as a snapshot wants it: head, lines and keys, with the live records and their
    // versions and nothing else, the head's live_count right. `to` is resized. While writers run, citizens() and the
    // sum of the heads' counts may differ: a saver uses the sum.
    // Concurrency: lock-free; writers may run.
    // Errors: damaged_record (a live record or a slot's state fails its check); partition_elsewhere.
    [[nodiscard]] XACTHUC_API detailed_result<void> copy_block(std::size_t partition, std::vector<std::byte>& to) const;
    // Replaces all that a partition holds by these records, with the versions in their word 0, and their keys (one
    // each, or none at all), in one swap. For repair: versions may go back.
    // Requires: every record belongs to the partition, is intact and comes once.
    // Concurrency: lock-free; a change that runs meanwhile is lost or lands after.
    // Errors: out_of_memory, index_full, reclamation_stalled, read_only, no_key_column, partition_elsewhere.
    // Exceptions: std::invalid_argument for another number of keys.
    [[nodiscard]] XACTHUC_API detailed_result<void> rebuild_partition(std::size_t partition,
                                                                      std::span<const record> records,
                                                                      std::span<const public_key> keys = {});

    // Partitions that are here, and others that are elsewhere: in the index of another process, or machine. Of a
    // citizen whose partition is elsewhere every question is answered with outcome::elsewhere, and every change is
    // refused with partition_elsewhere; she is never said to be unknown. See registry/partition_copy.hpp for partitions
    // as bytes.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API bool has_partition(std::size_t partition) const noexcept;
    // Brings in a partition that is elsewhere, as rebuild_partition() takes it, in one swap: readers find it elsewhere
    // or whole.
    // Requires: every record belongs to the partition, is intact and comes once.
    // Concurrency: lock-free but for the allocator.
    // Errors: already_exists; out_of_memory; index_full; reclamation_stalled; read_only; no_key_column.
    // Exceptions: as rebuild_partition().
    [[nodiscard]] XACTHUC_API detailed_result<void> add_partition(std::size_t partition,
                                                                  std::span<const record> records,
                                                                  std::span<const public_key> keys = {});
    // From the return on the partition is elsewhere. Its memory is freed when the readers who may be in it have left;
    // that of a block which from_blocks() was given stays, and is used when the partition comes back.
    // Concurrency: lock-free; a change that runs meanwhile is lost with the partition, or refused.
    // Errors: partition_elsewhere; read_only.
    [[nodiscard]] XACTHUC_API detailed_result<void> drop_partition(std::size_t partition);

    // The bytes of one partition's block as they lie.
    // Requires: no writer runs, and the partition is here.
    [[nodiscard]] XACTHUC_API std::span<const std::byte> block(std::size_t partition) const noexcept;

    // What placement_hash() takes.
    [[nodiscard]] XACTHUC_API std::uint64_t placement_seed() const noexcept;

    // Checks every record's integrity bits and that each lies where a probe finds it.
    // Requires: first_partition <= partition_count; `partitions` may be more than there are from there on.
    // Returns the number of slots that fail and the first of them.
    // Concurrency: readers and writers may run; call it for a few partitions at a time to bound its rate and how long
    // it holds back reclamation.
    struct scrub_report {
        std::uint64_t live = 0;
        std::uint64_t damaged = 0;
        std::size_t first_damaged_partition = 0;
        std::uint64_t first_damaged_slot = 0;
    };
    [[nodiscard]] XACTHUC_API scrub_report scrub(std::size_t first_partition = 0,
                                                 std::size_t partitions = partition_count) const noexcept;

  private:
    struct state;
    friend class index_view;  // what look-up kernels see
    explicit citizen_index(std::unique_ptr<state> s) noexcept;

    std::unique_ptr<state> state_;
};

// XXH3-64 of the id's eight little-endian bytes: the top 14 bits choose the partition.
[[nodiscard]] XACTHUC_API std::uint64_t placement_hash(std::uint64_t id, std::uint64_t seed) noexcept;
[[nodiscard]] constexpr std::size_t partition_of(std::uint64_t hash) noexcept {
    return hash >> (64 - partition_bits);
}

}  // namespace xacthuc::inline v0_1
