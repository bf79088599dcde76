// SPDX-License-Identifier: Apache-2.0
// Where the groups of an hour begin in its file, as far as somebody has looked for them: so a group is read without the
// rows before it.
//
// Heads say how long records and blocks are, and what the next checksum goes on from. So the way to a group is a walk
// over heads, 256 bytes a group of an open hour and 80 a block of a sealed one, and every 64 KiB of the file one place
// is remembered, from which the next walk begins. What is found at the end is held against its checksum; rows on the
// way are not looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "ledger/row_file.hpp"

namespace xacthuc::inline v0_1 {

// Concurrency: single thread; another process may write the hour and seal it.
class hour_places {
  public:
    // Reads the group of an entry.
    // Requires: the entry is published, so that its record stays where it is.
    // Complexity: the group, or of a sealed hour the block that it is in, a quarter of a million rows or a group more;
    // and heads: of 64 KiB where an entry near it or behind was read before, else of what is in front of it.
    // Errors: not_found (it is not in this hour, or there is no such hour); io; not_of_a_ledger; checksum_mismatch.
    // Exceptions: std::bad_alloc.
    [[nodiscard]] detailed_result<row_group> read_group(const file_calls& calls, const std::filesystem::path& folder,
                                                        ledger_hour hour, const day_key& key, std::uint64_t entry);
    // How many are remembered, 40 bytes each.
    [[nodiscard]] std::size_t size() const noexcept { return marks_.size(); }

  private:
    [[nodiscard]] detailed_result<row_place> find(const hour_file& in, std::uint64_t entry);

    bool is_sealed_ = false;
    std::vector<row_place> marks_;
};

}  // namespace xacthuc::inline v0_1
