// SPDX-License-Identifier: Apache-2.0
// How far the source of a registry's changes has come, in the words of whoever follows it: one row in the log's
// database.
//
//   source   position · sequence · proof      no row, or no table: nobody has said
//
// The number is that of the last change when the position was written, and the proof is keyed, of the registry's id,
// the number and the position.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/registry/snapshot.hpp>

#include "registry/change_batch.hpp"
#include "registry/database.hpp"

namespace xacthuc::inline v0_1 {

struct source_words {
    std::vector<std::byte> position{};  // empty: none
    std::uint64_t sequence = 0;
};

// Requires: the database outlives it, and stays where it is.
class source_row {
  public:
    source_row(const database& in, const sealing_key& key) : in_{&in}, key_{key} {}

    // Makes the table where there is none, as in the logs of earlier releases.
    [[nodiscard]] detailed_result<void> prepare_to_write();
    // Requires: prepare_to_write() has succeeded; the position has bytes, and not too many.
    [[nodiscard]] detailed_result<void> write(std::span<const std::byte> position, std::uint64_t sequence,
                                              const registry_id& of) const;
    // Errors: damaged_changes; those of database::failed().
    [[nodiscard]] detailed_result<source_words> read(const registry_id& of) const;

  private:
    const database* in_;
    sealing_key key_;
    std::optional<statement> write_{};
    mutable std::optional<statement> read_{};  // prepared when there is a table
};

}  // namespace xacthuc::inline v0_1
