// SPDX-License-Identifier: Apache-2.0
// A ledger's folder access/: a segment for each month that is over, access/2026-11.xta, and for each day of the other
// months that is over, access/2026-11-28.xta. What is younger stands in the files of rows alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "files/file.hpp"
#include "ledger/access_segment.hpp"
#include "ledger/day_key.hpp"
#include "ledger/hour.hpp"
#include "ledger/row_group.hpp"

namespace xacthuc::inline v0_1 {

// Where the rows and the keys of a ledger are. What is called may be called again and again.
struct access_rows {
    // The hours that have rows, in their order.
    std::function<detailed_result<std::vector<ledger_hour>>()> hours;
    // None where the day's key is destroyed.
    std::function<detailed_result<std::optional<day_key>>(std::int64_t day)> key_of;
    using group_visitor = std::function<void(const row_group&)>;
    std::function<detailed_result<void>(ledger_hour hour, const day_key& key, const group_visitor& take)> read;

    [[nodiscard]] access_secrets secrets() const;
    // The accesses of days, [first, end), but those whose key is destroyed.
    [[nodiscard]] access_source source(std::int64_t first_day, std::int64_t end_day) const;
};

class access_history {
  public:
    // All segments of a folder; none where the folder is not there. Errors: io; those of access_segment::open().
    [[nodiscard]] static detailed_result<access_history> open(const file_calls& calls,
                                                              const std::filesystem::path& folder);

    [[nodiscard]] std::uint64_t entries() const noexcept;
    // The day after the last that segments have, 0 where there are none: what comes from there on, rows alone have.
    [[nodiscard]] std::int64_t end_day() const noexcept { return end_day_; }
    [[nodiscard]] const std::vector<access_segment>& segments() const noexcept { return segments_; }

    // Hands out the accesses to this citizen, in the order of time. Concurrency: any thread.
    // Errors: those of access_segment::find().
    [[nodiscard]] detailed_result<void> find(std::uint64_t hidden_id, const access_secrets& secrets,
                                             const access_taker& take) const;
    // And those of rows that no segment has: as slow as reading them.
    [[nodiscard]] detailed_result<void> find(std::uint64_t hidden_id, const access_rows& rows,
                                             const access_taker& take) const;

  private:
    std::vector<access_segment> segments_;  // in the order of time
    std::int64_t end_day_ = 0;
};

// Writes the segments that are missing of days before `today`, and puts the days of months that are over together.
// Days without rows have none, nor have days whose key is destroyed. Returns how many it wrote.
// Requires: no rows will be added to days before today.
// Errors: io; disk_full; those of reading rows.
[[nodiscard]] detailed_result<std::size_t> update_accesses(const file_calls& calls, const std::filesystem::path& folder,
                                                           const access_rows& rows, std::int64_t today);
// Writes the segment that has this day again, without the days whose keys are destroyed; removes it when nothing is
// left. Errors: as update_accesses().
[[nodiscard]] detailed_result<void> drop_forgotten_accesses(const file_calls& calls,
                                                            const std::filesystem::path& folder,
                                                            const access_rows& rows, std::int64_t day);
// Removes what there is of days before this one, after their keys were destroyed. Errors: as update_accesses().
[[nodiscard]] detailed_result<void> prune_accesses(const file_calls& calls, const std::filesystem::path& folder,
                                                   const access_rows& rows, std::int64_t before_day);

}  // namespace xacthuc::inline v0_1
