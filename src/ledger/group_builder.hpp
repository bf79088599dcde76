// SPDX-License-Identifier: Apache-2.0
// The group that is being gathered: calls as they come out of the queue, hashed and put into columns at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>
#include <xacthuc/ledger/group_leaf.hpp>
#include <xacthuc/ledger/row_queue.hpp>

#include "ledger/group_hash.hpp"
#include "ledger/row_group.hpp"
#include "ledger/rows_tree.hpp"

namespace xacthuc::inline v0_1 {

// Where a call's rows are in their group.
struct placed_call {
    ledger_ticket ticket;
    std::uint64_t first_row = 0;
    std::uint64_t rows = 0;
};

class group_builder {
  public:
    // Of a group that begins at this place of its day, now. Requires: permutation and hashing outlive it.
    // Exceptions: std::bad_alloc.
    group_builder(day_key key, const id_permutation& ids, std::uint64_t first_place, std::int64_t now_unix_ms,
                  row_hashing& by);

    // Whether a call that was judged by this policy may be in the group.
    [[nodiscard]] bool takes(const std::array<std::byte, 32>& policy) const noexcept {
        return group_.calls.empty() || policy_ == policy;
    }
    // Requires: it takes the call. Complexity: three blocks of SHA-256 a row. Exceptions: std::bad_alloc.
    void add(const row_queue& queue, const row_queue::taken& call);
    [[nodiscard]] std::uint64_t rows() const noexcept { return tree_.rows(); }
    [[nodiscard]] std::int64_t begun_unix_ms() const noexcept { return group_.time_unix_ms; }

    // Fills the group up to so many rows, and is done.
    struct built {
        row_group group;
        group_leaf leaf;
        std::vector<placed_call> placed;
        chunk_tree tree;
    };
    [[nodiscard]] built finish(std::uint64_t leaf_index, std::uint64_t rows_min);

  private:
    [[nodiscard]] std::uint32_t number_of(const row_kind& kind);
    void grow_kind_places();

    day_key key_;
    const id_permutation& ids_;
    std::array<std::byte, 32> policy_{};
    row_group group_;
    rows_tree tree_;
    std::vector<placed_call> placed_;
    // Numbers of kinds by their hash, plus one; 0 is empty.
    std::vector<std::uint32_t> kind_places_;
    row_kind last_kind_;
    std::uint32_t last_number_ = 0;
};

}  // namespace xacthuc::inline v0_1
