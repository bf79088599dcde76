// SPDX-License-Identifier: Apache-2.0
// Batches of a table side by side, as one run of rows that threads can share; and the problems that they find in them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "arrow_table.hpp"
#include "table_columns.hpp"

namespace xacthuc::python {

// Columns is a table_columns. Borrows all that it is made of.
template <class Columns>
class row_group {
  public:
    row_group(const arrow_table& table, const Columns& plan, const std::vector<arrow_batch>& batches) {
        parts_.reserve(batches.size());
        for (const auto& batch : batches) {
            parts_.push_back({rows_, {plan, table, batch}});
            rows_ += static_cast<std::uint64_t>(batch.rows());
        }
    }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

    // Calls use(rows of a batch, first row in it, rows before these, count) until [first, end) is done. Requires: first
    // < end <= rows().
    template <class Use>
    void for_each_part(std::uint64_t first, std::uint64_t end, Use use) const {
        auto at = std::ranges::upper_bound(parts_, first, {}, &part::first) - 1;
        for (auto next = first; next < end; ++at) {
            const auto part_end = std::min(end, at + 1 == parts_.end() ? rows_ : (at + 1)->first);
            use(at->rows, static_cast<std::int64_t>(next - at->first), next - first, part_end - next);
            next = part_end;
        }
    }

  private:
    struct part {
        std::uint64_t first;
        typename Columns::rows rows;
    };
    std::vector<part> parts_;
    std::uint64_t rows_ = 0;
};

// Calls work(group, rows before it) for one group of batches after the other, each of about a million rows.
template <class Columns, class Work>
void for_each_group(arrow_table& table, const Columns& plan, Work work) {
    constexpr std::int64_t rows_a_group = 1 << 20;
    std::uint64_t rows_before = 0;
    for (;;) {
        const auto batches = table.next(rows_a_group);
        if (batches.empty()) return;
        const row_group<Columns> group{table, plan, batches};
        work(group, rows_before);
        rows_before += group.rows();
    }
}

// Problems that threads find, in the order of their rows in the end.
class problem_list {
  public:
    void add(std::vector<row_problem>&& found) {
        if (found.empty()) return;
        const std::lock_guard lock{guard_};
        all_.insert(all_.end(), found.begin(), found.end());
    }
    [[nodiscard]] std::vector<row_problem> in_order() && {
        std::ranges::sort(all_, {}, &row_problem::row);
        return std::move(all_);
    }

  private:
    std::mutex guard_;
    std::vector<row_problem> all_;
};

}  // namespace xacthuc::python
