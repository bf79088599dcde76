// SPDX-License-Identifier: Apache-2.0
// The log's changes, sorted by the partition they concern; packed as they lie in the log, so that millions fit.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>
#include <xacthuc/index/citizen_index.hpp>

#include "registry/change_log.hpp"

namespace xacthuc::inline v0_1 {

class partition_changes {
  public:
    // The changes after one number up to another; only those of one partition, if one is named. Memory: about 60 bytes
    // a change kept. Errors: those of change_log::visit().
    [[nodiscard]] static detailed_result<partition_changes> gather(const change_log& from, std::uint64_t after,
                                                                   std::uint64_t up_to, std::uint64_t placement_seed,
                                                                   std::optional<std::size_t> only = {});

    [[nodiscard]] std::uint64_t count() const noexcept { return places_.size(); }
    // How many citizens the partition's changes concern.
    [[nodiscard]] std::uint64_t citizens_of(std::size_t partition) const;
    // In their order.
    [[nodiscard]] std::vector<change> of(std::size_t partition) const;

  private:
    struct place {
        std::uint64_t offset;  // in packed_
        std::uint64_t sequence;
    };
    std::vector<std::byte> packed_;
    std::vector<place> places_;
    std::vector<std::uint64_t> first_ = std::vector<std::uint64_t>(partition_count + 1);
};

}  // namespace xacthuc::inline v0_1
