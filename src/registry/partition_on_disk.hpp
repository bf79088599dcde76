// SPDX-License-Identifier: Apache-2.0
// The citizens of one partition as the disk has them: a snapshot's block, and the log's changes made in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "registry/block_layout.hpp"
#include "registry/registry_setting.hpp"
#include "registry/snapshot_reader.hpp"

namespace xacthuc::inline v0_1 {

// Those of a snapshot's block. The buffer is for the caller to keep for the next one.
[[nodiscard]] detailed_result<std::vector<kept_citizen>> citizens_of(const opened_snapshot& from, std::size_t partition,
                                                                     std::vector<std::byte>& buffer);
// Makes changes among them. Errors: damaged_changes.
[[nodiscard]] detailed_result<void> bring_up_to_date(std::vector<kept_citizen>& citizens,
                                                     std::span<const change> changes);

// A partition that is being brought up to date, for a repair.
class partition_on_disk {
  public:
    [[nodiscard]] static detailed_result<partition_on_disk> open(const registry_setting& setting,
                                                                 const opened_snapshot& from, std::size_t partition);

    [[nodiscard]] const change_log& log() const noexcept { return log_; }
    // Makes the log's changes up to this number that are not made yet.
    [[nodiscard]] detailed_result<void> bring_up(std::uint64_t sequence);
    // Gives the index's partition these citizens and no others. Requires: nobody changes the index meanwhile.
    [[nodiscard]] detailed_result<void> put_into(citizen_index& index) const;

  private:
    partition_on_disk(const opened_snapshot& from, std::size_t partition, std::vector<kept_citizen> citizens,
                      change_log log)
        : placement_seed_{from.header.placement_seed},
          up_to_{from.header.sequence},
          partition_{partition},
          citizens_{std::move(citizens)},
          log_{std::move(log)} {}

    std::uint64_t placement_seed_;
    std::uint64_t up_to_;
    std::size_t partition_;
    std::vector<kept_citizen> citizens_;
    change_log log_;
};

}  // namespace xacthuc::inline v0_1
