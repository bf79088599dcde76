// SPDX-License-Identifier: Apache-2.0
// What an open registry consists of, for the sources that share out its functions among them.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <xacthuc/registry/registry.hpp>

#include "registry/block_layout.hpp"
#include "registry/change_log.hpp"
#include "registry/registry_files.hpp"
#include "registry/snapshot_reader.hpp"

namespace xacthuc {

// One call of apply() on its way.
struct waiting_changes {
    std::span<const change> changes{};
    std::vector<refused_change>* refused = nullptr;
    std::vector<std::byte> packed{};
    bool asks_who_is_there = false;  // some of the changes need their citizen
    bool is_done = false;
    detailed_result<freshness> outcome = freshness{};
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
    std::optional<failure> stopped{};
    freshness last{};  // what the log ends with

    // Calls of apply() queue up; one of them commits for all that wait.
    std::mutex queueing{};
    std::condition_variable committed{};
    std::deque<waiting_changes*> queue{};
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
    // Makes the log's changes after this number in the index. Returns how many.
    [[nodiscard]] detailed_result<std::uint64_t> replay(const change_log& from, std::uint64_t after);
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
    void lead(std::unique_lock<std::mutex>& held);
    // Makes durable changes in the index, the first of which has this number; where a partition turns out to be
    // damaged, it is rebuilt on the way. Requires: `writing` is held.
    [[nodiscard]] detailed_result<void> make_durable(std::span<const change> changes, std::uint64_t first_sequence);
    // Requires: `writing` is held.
    void commit(std::span<waiting_changes* const> group);
};

// Makes a change in the index. While readers keep it from taking memory it tries again, for some seconds.
// Errors: those of citizen_index's changes.
[[nodiscard]] result<void> make_in(citizen_index& index, const change& what);
// The same for all, in order, with their cache lines on the way; the place of the first that fails in `failed_at`.
[[nodiscard]] result<void> make_in(citizen_index& index, std::span<const change> changes, std::size_t& failed_at);

}  // namespace xacthuc
