// SPDX-License-Identifier: Apache-2.0
// The private part of a ledger on the disk, beside its public log.
//
//   ids.key                  the secret of the ids' permutation, for the life of the ledger
//   day-keys/<day>.key       day_key.hpp
//   rows/<hour>.xtr[.open]   row_file.hpp
//   rows/first-entry         the first entry of the log that has rows here, after others were pruned: a decimal number
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "files/file.hpp"
#include "ledger/day_key.hpp"
#include "ledger/hour_places.hpp"
#include "ledger/id_permutation.hpp"
#include "ledger/row_file.hpp"

namespace xacthuc::inline v0_1 {

// Of the parts above, what is read of a ledger's directory without the rest.
// Errors: those of files and secrets; not_found, but of first-entry, which then is 0; ledger_damaged.
[[nodiscard]] detailed_result<id_permutation> load_id_permutation(const file_calls& calls,
                                                                  const std::filesystem::path& directory);
[[nodiscard]] detailed_result<std::uint64_t> read_first_entry(const file_calls& calls,
                                                              const std::filesystem::path& directory);
[[nodiscard]] std::filesystem::path day_key_path(const std::filesystem::path& directory, std::int64_t day);

// Concurrency: single thread.
class row_store {
  public:
    // Opens what is there, or makes it. Requires: nobody else writes here.
    // Errors: those of files and secrets; ledger_damaged when groups are missing between the first and the last.
    [[nodiscard]] static detailed_result<row_store> open(const file_calls& calls,
                                                         const std::filesystem::path& directory);
    // The same for who only reads: nothing is made, mended or written. Errors: also not_found.
    [[nodiscard]] static detailed_result<row_store> look(const file_calls& calls,
                                                         const std::filesystem::path& directory);

    // The entries of the log whose rows are here: [first, end). Of the last ones, what the public log may have missed.
    [[nodiscard]] std::uint64_t first_entry() const noexcept { return first_entry_; }
    [[nodiscard]] std::uint64_t end_entry() const noexcept { return end_entry_; }
    // The day of the last group.
    [[nodiscard]] std::int64_t last_day() const noexcept { return last_hour_.day(); }
    // The heads of the groups in hours that are open, in their order.
    [[nodiscard]] const std::vector<group_head>& open_groups() const noexcept { return open_groups_; }
    void forget_open_groups() noexcept { open_groups_ = {}; }

    // Where the next group goes that begins now, or in the hour of the last group if that is later.
    struct beginning {
        ledger_hour hour;
        day_key key;
        std::uint64_t first_place;
    };
    // Errors: those of secrets.
    [[nodiscard]] detailed_result<beginning> begin(std::int64_t now_unix_ms);
    // Writes and syncs the group that was begun. Errors: io; disk_full.
    [[nodiscard]] detailed_result<void> append(const beginning& begun, const row_group& group,
                                               const group_entry& entry);

    // Packs every open hour before this one.
    [[nodiscard]] detailed_result<std::size_t> seal_before(ledger_hour hour);
    // Reads the group of an entry, without the rows before it. Requires: it is published. Errors: not_found, where it
    // was pruned, its key is destroyed, or it never was.
    [[nodiscard]] detailed_result<row_group> read_group(std::uint64_t entry);
    // Destroys the key of a day. Errors: not_found; io.
    [[nodiscard]] detailed_result<void> forget_day(std::int64_t day);
    // Destroys the keys of all days before this one, and removes their rows. Returns the number of hours.
    // Requires: the day is not behind that of the last group.
    [[nodiscard]] detailed_result<std::size_t> prune_before(std::int64_t day);

    [[nodiscard]] detailed_result<std::vector<hour_in_folder>> hours() const {
        return list_hours(calls_, rows_folder());
    }
    // Errors: not_found, where it was destroyed.
    [[nodiscard]] detailed_result<day_key> key_of(std::int64_t day) const;
    [[nodiscard]] detailed_result<void> read_hour(ledger_hour hour, const day_key& key, const group_taker& take) const {
        return xacthuc::read_hour(calls_, rows_folder(), hour, key, take);
    }
    // The entries whose groups are in this hour: [first, second).
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> entries_of(ledger_hour hour) const noexcept;
    [[nodiscard]] const id_permutation& ids() const noexcept { return *ids_; }
    [[nodiscard]] std::filesystem::path rows_folder() const { return directory_ / "rows"; }
    [[nodiscard]] const file_calls& calls() const noexcept { return calls_; }
    [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }

  private:
    row_store(const file_calls& calls, std::filesystem::path directory)
        : calls_{calls}, directory_{std::move(directory)} {}

    [[nodiscard]] detailed_result<void> make_folders();
    [[nodiscard]] detailed_result<void> load_first_entry();
    [[nodiscard]] detailed_result<void> load_hours(bool may_write);
    [[nodiscard]] detailed_result<void> take_open_hour(ledger_hour hour, bool may_write);
    [[nodiscard]] detailed_result<void> follow(std::uint64_t first_leaf, std::uint64_t groups, ledger_hour hour);
    [[nodiscard]] std::filesystem::path key_path(std::int64_t day) const;

    const file_calls& calls_;
    std::filesystem::path directory_;
    std::optional<id_permutation> ids_;
    std::uint64_t first_entry_ = 0;
    std::uint64_t end_entry_ = 0;
    std::vector<group_head> open_groups_;
    // Of each hour, the entries of its groups.
    std::map<ledger_hour, std::uint64_t> first_of_hour_;
    std::map<ledger_hour, hour_places> places_;  // of those that somebody wanted receipts of
    ledger_hour last_hour_{};
    bool last_is_sealed_ = false;
    std::uint64_t next_place_ = 0;  // of the day of the last hour
    std::optional<hour_writer> writer_;
    std::optional<day_key> last_key_;  // of the day of the last hour
};

}  // namespace xacthuc::inline v0_1
