// SPDX-License-Identifier: Apache-2.0
// The log of changes: changes.sqlite in a registry's directory.
//
//   batch   first_sequence · change_count · time_unix_ms · seal · changes      one row a batch, see change_batch.hpp
//   floor   sequence · time_unix_ms · seal · registry · proof                  one row: the last change that was
//                                                                              trimmed, and whose log it is
//   source  position · sequence · proof                                        see source_row.hpp
//
// Every row's seal covers the row before's, so what is read is a chain without holes from the floor on, or an error
// that names the sequence number where it breaks. The first seal is of the registry's id and its first snapshot; the
// proof is keyed, of the floor's other columns. registry_mark.hpp tells whether the end is missing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/index/citizen_index.hpp>

#include "registry/change_batch.hpp"
#include "registry/database.hpp"
#include "registry/registry_mark.hpp"

namespace xacthuc::inline v0_1 {

// The log's database, the file of its mark, and how both are reached.
struct log_place {
    const file_calls* files;
    const database_gate* gate;
    std::filesystem::path log;
    std::filesystem::path mark;
};

// One process writes the log, through one change_log; any number read it. Concurrency: single thread.
class change_log {
  public:
    enum class access : std::uint8_t { write, read };

    // A new log without changes, which begins after `floor`. It is in place only when it is whole.
    // Errors: io; disk_full; unsuitable_sqlite.
    [[nodiscard]] static detailed_result<void> create(const log_place& at, const sealing_key& key,
                                                      const high_water& floor,
                                                      std::span<const std::byte> source_position = {});

    // Every setting that what is acknowledged rests on is read back, the write-ahead log's frames are looked at before
    // SQLite drops those behind a damaged one, and the log is held against its mark. For writing, what an earlier
    // writer left in the write-ahead log is then copied into the database anew and synced before anything is built
    // upon it. Errors: not_found; io; disk_full; damaged_changes; sequence_gap, when it ends before its mark or before
    // at_least; newer_version; older_version; unsuitable_sqlite; forked.
    [[nodiscard]] static detailed_result<change_log> open(const log_place& at, const sealing_key& key, access how,
                                                          std::uint64_t at_least = 0);
    // Beside a log that this process has open already, for reading: what open() looks at has been looked at.
    [[nodiscard]] static detailed_result<change_log> open_beside(const log_place& at, const sealing_key& key);

    change_log(change_log&&) noexcept;
    change_log& operator=(change_log&&) noexcept;
    ~change_log();

    // The last change that was trimmed, or that the log began after.
    [[nodiscard]] detailed_result<freshness> floor() const;
    // The last change, or the floor.
    [[nodiscard]] detailed_result<freshness> last() const;
    // Whose log it is.
    [[nodiscard]] detailed_result<registry_id> registry() const;
    // The seal at this number; nothing when that is within a batch, before the floor, or after the end.
    [[nodiscard]] detailed_result<std::optional<change_seal>> seal_at(std::uint64_t sequence) const;
    // This is a child of the process that opened it.
    [[nodiscard]] bool is_inherited() const noexcept;
    // What the last append() that gave one gave; empty where none did. Requires: it was opened by open(). Errors:
    // damaged_changes; sequence_gap, when the log ends before it; io.
    [[nodiscard]] detailed_result<std::vector<std::byte>> source_position() const;

    // Makes the batches durable, and the position where there is one, all or none: they are when this returns without
    // an error, and after one they may be found at the next opening, all or none. Requires: the first follows last(),
    // each the one before; time does not go back; every batch has changes; there are batches or a position, of
    // source_position_bytes_max at most. Errors: disk_full, after which the log is as it was and may be used; any
    // other: then must_reopen() says true.
    [[nodiscard]] detailed_result<void> append(std::span<const change_batch> batches,
                                               std::span<const std::byte> source_position = {});
    // The log failed in a way that only opening it anew can mend.
    [[nodiscard]] bool must_reopen() const noexcept;

    // Visits every batch that has a change after one number and none after another, in order, each checked. The
    // visitor's bytes are good until it returns; false or an error from it ends the visit. Others may append meanwhile.
    // Errors: changes_trimmed when the log begins later; sequence_gap when it ends before `after`, or has a hole;
    // damaged_changes; io.
    static constexpr std::uint64_t no_end = ~std::uint64_t{0};
    using visitor = std::function<detailed_result<bool>(const change_batch&)>;
    [[nodiscard]] detailed_result<void> visit(std::uint64_t after, std::uint64_t up_to, const visitor& each) const;

    // Removes batches whose changes are all at or before this number, a bounded number of them. Returns whether there
    // are more. Errors: as append().
    [[nodiscard]] detailed_result<bool> trim_some(std::uint64_t up_to);

  private:
    struct state;
    explicit change_log(std::unique_ptr<state> s) noexcept;
    std::unique_ptr<state> state_;
};

}  // namespace xacthuc::inline v0_1
