// SPDX-License-Identifier: Apache-2.0
// What an open registry consists of, for the sources that share out its functions among them.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <xacthuc/registry/registry.hpp>

#include "registry/block_layout.hpp"
#include "registry/change_log.hpp"
#include "registry/registry_files.hpp"
#include "registry/snapshot_reader.hpp"

namespace xacthuc::inline v0_1 {

// One call of apply() on its way. It lies on its caller's stack, and queues by itself: to be taken up by a leader costs
// no memory.
struct waiting_changes {
    std::span<const change> changes{};
    std::vector<refused_change>* refused = nullptr;
    std::vector<std::byte> packed{};
    bool asks_who_is_there = false;   // some of the changes need their citizen
    std::uint64_t last_sequence = 0;  // of its last change, when it was found good
    bool is_answered = false;         // the leader's: `outcome` says what became of it
    bool is_done = false;             // for its caller
    detailed_result<freshness> outcome = freshness{};
    waiting_changes* next = nullptr;

    void answer(const freshness& as_of) noexcept {
        outcome = as_of;
        is_answered = true;
    }
    // Without its words where there is no memory for them.
    void answer(const failure& why) noexcept;
};

// How long one call waits, all in all, for readers that hold back reclamation.
class stall_patience {
  public:
    explicit stall_patience(std::chrono::milliseconds limit) noexcept : limit_{limit} {}
    // Waits a moment. False when the patience is at an end.
    [[nodiscard]] bool wait() noexcept;

  private:
    std::chrono::milliseconds limit_;
    std::optional<std::chrono::steady_clock::time_point> end_{};
};

struct registry::state {
    state(registry_system with, const std::filesystem::path& where, const authority_public_key& whom,
          const open_registry_options& options, digest_key key)
        : system{with},
          directory{*with.files, where},
          trusted{whom},
          how{options},
          digests{std::move(key)},
          seals{digests} {}

    registry_system system;
    registry_directory directory;
    authority_public_key trusted;
    open_registry_options how;
    digest_key digests;
    sealing_key seals;
    pid_t opened_by = ::getpid();
    std::optional<directory_lock> lock{};
    std::optional<citizen_index> index{};
    registry_opening opening{};
    std::vector<std::filesystem::path> unusable{};  // snapshots that are damaged

    // Whoever appends to the log, and changes the index, holds this.
    std::mutex writing{};
    std::optional<change_log> log{};
    std::optional<failure> stopped{};  // why the log has to be opened anew; it may be gone meanwhile
    bool is_closed = false;
    freshness last{};                       // what the log is known to end with
    std::atomic<std::uint64_t> durable{0};  // its number, for those who do not wait for `writing`
    freshness in_doubt{};                   // what it may end with instead, after an append that failed so
    std::uint64_t in_memory = 0;            // the last change that was made in the index, and all before it

    // Calls of apply() queue up; one of them commits for all that wait.
    std::mutex queueing{};
    std::condition_variable committed{};
    waiting_changes* queue_first = nullptr;
    waiting_changes* queue_last = nullptr;
    bool has_leader = false;

    [[nodiscard]] bool writes() const noexcept { return how.how == open_registry_options::access::write; }

    // This process is a child of the one that opened it.
    [[nodiscard]] bool is_inherited() const noexcept { return ::getpid() != opened_by; }
    [[nodiscard]] failure inherited() const { return {errc::forked, directory.path().string()}; }

    [[nodiscard]] log_place place() const {
        return {system.files, system.gate, directory.changes(),
                how.mark_file.empty() ? directory.mark() : how.mark_file};
    }
    // A connection of one's own to the log, for reading beside the writer.
    [[nodiscard]] detailed_result<change_log> open_reader() const { return change_log::open_beside(place(), seals); }
    // Whether the snapshot is what its name says, of this registry, and where the log says. Errors: of open_snapshot()
    // what concerns the header; misplaced_snapshot.
    [[nodiscard]] detailed_result<void> check_place(const registry_directory::numbered_snapshot& one,
                                                    const change_log& in) const;
    // Errors: foreign_digest_key, as the newest snapshot that is the authority's has it.
    [[nodiscard]] detailed_result<void> check_digest_key() const;
    // Opens the log and brings the index up to its end.
    [[nodiscard]] detailed_result<void> load_and_replay();
    // Loads snapshots, the newest first, until one verifies.
    [[nodiscard]] detailed_result<void> load_newest();
    // Makes the log's changes that are not in memory yet in the index. Returns how many. After an error those before
    // the failure are made, and the next call goes on there. Requires: `writing` is held, or nobody else is there yet.
    [[nodiscard]] detailed_result<std::uint64_t> replay(const change_log& from, stall_patience& patience);
    // Does something with the newest snapshot that verifies as far as the work looks at it: where it fails, the one
    // before is tried.
    [[nodiscard]] detailed_result<void> with_snapshot(
        const std::function<detailed_result<void>(const opened_snapshot&)>& work);
    [[nodiscard]] detailed_result<checkpoint_facts> write_merged(const opened_snapshot& from, const freshness& now,
                                                                 const checkpoint_options& options);
    // Drops snapshots that are damaged, all but the newest of the others, and the changes that nobody needs then. What
    // is not this registry's under its own name is neither counted nor touched.
    [[nodiscard]] detailed_result<void> drop_old(unsigned snapshots_kept);
    // Gives a partition of the index these citizens and no others. Requires: `writing` is held.
    [[nodiscard]] detailed_result<void> rebuild(std::size_t partition, const std::vector<kept_citizen>& citizens);
    // Rebuilds a partition as it was at this number. Requires: `writing` is held.
    [[nodiscard]] detailed_result<void> repair_up_to(const opened_snapshot& from, std::size_t partition,
                                                     std::uint64_t sequence);
    // Rebuilds a partition as it is. Requires: `writing` is not held.
    [[nodiscard]] detailed_result<void> repair_from(const opened_snapshot& from, std::size_t partition);
    // Requires: `queueing` is held by `held`.
    void lead(std::unique_lock<std::mutex>& held) noexcept;
    // Makes durable changes in the index, the first of which has this number; where a partition turns out to be
    // damaged, it is rebuilt on the way. in_memory says how far it got. Requires: `writing` is held.
    [[nodiscard]] detailed_result<void> make_durable(std::span<const change> changes, std::uint64_t first_sequence,
                                                     stall_patience& patience);
    void ends_with(const freshness& end) noexcept {
        last = end;
        durable.store(end.sequence, std::memory_order_relaxed);
    }
    // The next four. Requires: `writing` is held.
    // Answers every one of the group; where it throws, it has not for some.
    void commit(waiting_changes* group);
    // Success: the batches are durable, and the log ends with `end`. Errors: changes_in_doubt; any other, and nothing
    // of them is in the log.
    [[nodiscard]] detailed_result<void> append(std::span<const change_batch> batches, const freshness& end) noexcept;
    // Opens the log anew where it has to be, and finds out what it ends with. Errors: registry_stopped.
    [[nodiscard]] detailed_result<void> resume() noexcept;
    // Makes what is durable and not in memory yet in the index. Errors: what keeps it from there.
    [[nodiscard]] detailed_result<void> drain(stall_patience& patience) noexcept;
};

// What cannot be told for want of memory is left out.
[[nodiscard]] failure told_as(errc code, const failure& why, std::string_view what) noexcept;

}  // namespace xacthuc::inline v0_1
