// SPDX-License-Identifier: Apache-2.0
// What look-up kernels see of an index.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <xacthuc/index/citizen_index.hpp>

#include "index/epoch.hpp"
#include "index/slot.hpp"

namespace xacthuc::inline v0_1 {

// Borrows the index. Enter once a batch, then load table words from the directory.
class index_view {
  public:
    // Where most blocks lie that still are where the index was put together: at equal distances and of equal size.
    // Their addresses are then a matter of arithmetic, and no load of the directory has to queue for a line buffer
    // behind the loads of lines.
    struct regular_blocks {
        const std::byte* first_lines = nullptr;  // the lines of partition 0
        std::uint64_t distance_bytes = 0;        // from a partition's lines to the next one's
        std::uint64_t line_count = 0;
        // A flag for each of 32 partitions in the low half of each word: set when the partition's table must be looked
        // up in the directory: it has moved, or its block never was one of these. Both loads are sequentially
        // consistent: see epoch.hpp.
        const std::atomic<std::uint64_t>* irregular = nullptr;
    };

    index_view(const citizen_index& index) noexcept : index_{&index} {}

    [[nodiscard]] epoch::guard enter() const noexcept;
    [[nodiscard]] const std::atomic<std::uint64_t>* directory() const noexcept;
    [[nodiscard]] regular_blocks regular() const noexcept;
    // Whether a word of the directory says that the partition is not here.
    [[nodiscard]] bool is_elsewhere(table_word of) const noexcept;
    [[nodiscard]] std::uint64_t placement_seed() const noexcept { return index_->placement_seed(); }
    [[nodiscard]] index_facts facts() const noexcept { return index_->facts(); }
    [[nodiscard]] freshness as_of() const noexcept { return index_->as_of(); }

  private:
    const citizen_index* index_;
};

}  // namespace xacthuc::inline v0_1
