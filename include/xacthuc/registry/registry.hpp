// SPDX-License-Identifier: Apache-2.0
// The registry: the directory on disk that owns a register's data, and the register in memory that it keeps up with it.
//
//   snapshot-<sequence>.xts   the register at a sequence number; the newest, and the one before
//   changes.sqlite            every change after the oldest of them (with -wal and -shm beside it)
//   digest.key                the secret that names were digested under
//   registry.mark             how far the log has come, to tell when its end is missing
//
// The process that writes holds a lock on the directory.
//
// What is on disk is the truth, and memory follows it: a change is in the log, synced, before it is in the index, and
// checkpoints and repairs are made from snapshot and log, never from memory. docs/registry.md has the contract.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/registry/authority.hpp>
#include <xacthuc/registry/change.hpp>
#include <xacthuc/registry/change_feed.hpp>
#include <xacthuc/registry/snapshot.hpp>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t changes_per_apply_max = 100'000;
inline constexpr std::size_t source_position_bytes_max = 256;

// How a registry is made.
struct create_registry_options {
    unsigned threads = 1;
    // Has room for citizens' keys, even if the index has none.
    bool with_keys = false;
    // Where to keep the high-water mark. Empty: registry.mark in the directory. If it is elsewhere, best on another
    // disk, it still shows when somebody put back an older copy of the whole directory; every opening must then name
    // it.
    std::filesystem::path mark_file{};
    // Puts authority.pub into the directory, for those who look for it there.
    bool keeps_authority = false;
    // How far the source of the changes had come when the index was made of it: see registry::apply(). Empty: nothing
    // is known.
    std::span<const std::byte> source_position{};
    snapshot_progress report{};
};

// How a registry is opened.
struct open_registry_options {
    enum class access : std::uint8_t { write, read };

    access how = access::write;
    unsigned threads = 1;
    // Signs the snapshots of checkpoint(); without it there are none.
    std::optional<authority_key> authority{};
    // The digest key itself, where it is in no file; else digest_key_file has it.
    std::optional<digest_key> digests{};
    // Empty: digest.key in the directory.
    std::filesystem::path digest_key_file{};
    // As when it was made. Empty: registry.mark in the directory.
    std::filesystem::path mark_file{};
    // The registry is known to have reached this change: refuse a log that ends before it. With it, a registry opens
    // even if its mark is lost, and a writer makes a new one. 0: nothing is known.
    std::uint64_t at_least_sequence = 0;
    snapshot_progress report{};
    // How long one call waits for readers that keep old memory in use. Then it gives up: see changes_pending.
    std::chrono::milliseconds stall_patience{10'000};
};

// How an opening went.
struct registry_opening {
    std::filesystem::path snapshot;
    freshness snapshot_as_of{};
    std::uint64_t changes_replayed = 0;
    double load_seconds = 0;
    double replay_seconds = 0;
    // Newer snapshots that did not verify, or are not what their names say. The log replaced them. Somebody should look
    // at the disk.
    std::vector<failure> unusable_snapshots{};
};

// One of the changes for which apply() refused a batch.
struct refused_change {
    std::size_t place = 0;  // in the span given to apply()
    boost::system::error_code why;
};

// How a checkpoint is made.
struct checkpoint_options {
    unsigned threads = 1;
    // How many snapshots stay. With the one before kept too, a damaged newest one costs nothing but the time to replay.
    unsigned snapshots_kept = 2;
    snapshot_progress report{};
};

// What a checkpoint wrote.
struct checkpoint_facts {
    std::filesystem::path snapshot;
    freshness as_of{};
    std::uint64_t citizens = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t changes_merged = 0;
    bool written = false;  // false: there were no changes since the last one, and nothing was to be done
};

// What a scrub found and did.
struct registry_scrub_report {
    std::uint64_t partitions = 0;
    std::uint64_t live = 0;
    std::uint64_t damaged_slots = 0;
    std::uint64_t partitions_repaired = 0;
    std::vector<std::size_t> damaged_partitions{};  // in order, 100 at most
};

// A child that is forked from a process with an open registry may read its copy of the register in memory, and nothing
// else. Calls that need the disk are refused there (forked), and its copy is destroyed without touching the parent's
// lock, log and mark.
class registry {
  public:
    // Makes a registry of what the index holds, in a directory that is new or has no registry in it. The index's
    // sequence number is the registry's.
    // Requires: no writer runs on the index.
    // Errors: already_exists; foreign_digest_key; code_range (a longer position); those of save_snapshot(). After one,
    // or a crash, the directory is no registry yet, and a second attempt may be made: it begins anew.
    [[nodiscard]] XACTHUC_API static detailed_result<void> create(const std::filesystem::path& directory,
                                                                  const citizen_index& index, const digest_key& digests,
                                                                  const authority_key& authority,
                                                                  const create_registry_options& how = {});

    // Loads the newest snapshot that verifies into huge pages and replays the changes after it. For writing, the
    // registry is locked against other writers first; for reading, other processes may write, and refresh() catches up
    // with them.
    // Errors: not_a_registry; registry_locked; unsuitable_sqlite; forked; what load_snapshot() says of the newest
    // snapshot when none verifies; sequence_gap, changes_trimmed or damaged_changes, with the sequence number, when the
    // log does not lead from the snapshot to its end without a hole, or ends before its mark or at_least_sequence;
    // newer_version; older_version; io; disk_full; out_of_memory.
    [[nodiscard]] XACTHUC_API static detailed_result<registry> open(const std::filesystem::path& directory,
                                                                    const authority_public_key& trusted,
                                                                    const open_registry_options& how = {});

    XACTHUC_API registry(registry&&) noexcept;
    registry& operator=(registry&&) = delete;
    // As close(), without its answer.
    XACTHUC_API ~registry();

    // The register in memory: make an engine of it.
    // Requires: the registry outlives its users.
    [[nodiscard]] XACTHUC_API const citizen_index& index() const noexcept;
    [[nodiscard]] XACTHUC_API const digest_key& digests() const noexcept;
    [[nodiscard]] XACTHUC_API const registry_opening& opening() const noexcept;

    // Makes the changes, all or none. It checks every one, writes them to the log in one transaction, waits until that
    // is on the disk, and then makes them in the index and moves on the index's freshness. Every verification that
    // begins after the return sees them. Within a batch the changes are made one after the other; their sequence and
    // time fields are ignored.
    // Returns the number and time of the last.
    // Concurrency: any thread; blocking on the disk and on other calls of apply(), which share one transaction.
    // Errors: what they say of the batch differs.
    //   - changes_refused: nothing of it was taken. *refused has the place and reason of each bad change:
    //     personal_id_reserved, damaged_record, record_not_valid, path_too_long (of somebody new), citizen_unknown
    //     (removal or key of somebody who is not there), no_key_column;
    //   - changes_pending: it is durable, its numbers end at durable_sequence() at most, and index().as_of() does not
    //     reach it yet: readers keep old memory in use, or there is no memory, or a damaged partition cannot be
    //     repaired now. Do not send it again. The next call of apply(), refresh() or scrub() makes it in memory if it
    //     can, and so does an opening;
    //   - changes_in_doubt: the log failed and cannot be opened anew. The batch is in it whole, or not at all. The next
    //     call that can open the log finds out, and durable_sequence() tells;
    //   - any other: nothing of it was taken, and the next call may succeed. code_range (more than
    //     changes_per_apply_max); read_only; disk_full; io; registry_stopped while the log cannot be opened anew, or
    //     after close(); reclamation_stalled, out_of_memory and others while changes before it are pending.
    // Exceptions: std::bad_alloc, only before anything was taken.
    [[nodiscard]] XACTHUC_API detailed_result<freshness> apply(std::span<const change> changes,
                                                               std::vector<refused_change>* refused = nullptr);
    // The same, and keeps with the changes how far their source has come: a log's number, an offset, in bytes that only
    // the caller understands. Both become durable in one transaction, or neither does, so whoever follows a source
    // goes on exactly after source_position(). A position may come without changes: the source went on, and nothing
    // concerned this registry. An empty one leaves what is kept as it is, as does a batch that is refused.
    // Concurrency: of calls at the same time, the last one in the order of the changes' numbers leaves its position; so
    // one thread should follow a source.
    // Errors: those above, of the position as of the changes; code_range (more than source_position_bytes_max).
    [[nodiscard]] XACTHUC_API detailed_result<freshness> apply(std::span<const change> changes,
                                                               std::span<const std::byte> source_position,
                                                               std::vector<refused_change>* refused = nullptr);

    // How far the source of the changes had come with the last durable apply() that said so, or when the registry was
    // made; empty where nobody has said. After changes_in_doubt it tells what became of the position, and the changes
    // that came with it. Opened for reading: as of the opening or the last refresh(), and all changes that came with
    // it, or before, are in the index. A snapshot does not have it: a registry that is made of one begins with the
    // position that create() is given.
    // Concurrency: any thread; blocking on calls of apply().
    // Errors: registry_stopped while the log cannot be opened anew, or after close(); damaged_changes; sequence_gap;
    // io; forked.
    [[nodiscard]] XACTHUC_API detailed_result<std::vector<std::byte>> source_position() const;

    // The number of the last change that is known to be in the log: later than index().as_of() while changes are
    // pending.
    // Concurrency: any thread; wait-free.
    [[nodiscard]] XACTHUC_API std::uint64_t durable_sequence() const noexcept;

    // Of a registry opened for reading: makes the changes that a writer has added to the log since; of one opened for
    // writing, those that are pending.
    // Returns how fresh the index is then.
    // Concurrency: one thread at a time; verification goes on.
    // Errors: those that keep changes pending; those of open() but for the snapshots'; changes_trimmed when the writer
    // has already dropped some: open anew. The next call goes on where it failed.
    [[nodiscard]] XACTHUC_API detailed_result<freshness> refresh();

    // Writes a snapshot of the register as it is now, from the last one and the log, beside the old; syncs it, names
    // it, syncs the directory; then drops snapshots beyond the number kept and the changes that only they needed.
    // Verification and apply() go on.
    // Complexity: reads and writes the whole register.
    // Memory: 60 bytes a change since the last snapshot, 4 MiB a thread.
    // Concurrency: one thread at a time, beside any others in other calls.
    // Errors: read_only, also without an authority; those of load_snapshot(), of save_snapshot() and of open(). After
    // an error the registry is as it was, and goes on.
    [[nodiscard]] XACTHUC_API detailed_result<checkpoint_facts> checkpoint(const checkpoint_options& how = {});

    // Re-checks records and their places in these partitions of the index, and rebuilds a damaged one from snapshot and
    // log.
    // Concurrency: any thread, beside all other calls; apply() waits while a partition is repaired.
    // Errors: those of load_snapshot() and of open(); after one the damaged partition stays as it is: its damaged
    // records answer 900, never yes or no.
    [[nodiscard]] XACTHUC_API detailed_result<registry_scrub_report> scrub(std::size_t first_partition = 0,
                                                                           std::size_t partitions = partition_count);

    // The registry's changes from this number on; see change_feed::open(), which another process uses.
    // Errors: those of change_feed::open().
    [[nodiscard]] XACTHUC_API detailed_result<change_feed> follow(
        std::optional<std::uint64_t> from_sequence = {}) const;

    // Closes log and lock.
    // Errors: registry_stopped when the log had failed and was not opened anew since.
    [[nodiscard]] XACTHUC_API detailed_result<void> close();

  private:
    struct state;
    friend struct registry_opener;
    explicit registry(std::unique_ptr<state> s) noexcept;
    std::unique_ptr<state> state_;
};

}  // namespace xacthuc::inline v0_1
