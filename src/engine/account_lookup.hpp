// SPDX-License-Identifier: Apache-2.0
// The digital account behind a personal id: its status, and where its key lies in the key column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <xacthuc/index/citizen_index.hpp>

#include "index/lookup.hpp"
#include "index/placement.hpp"

namespace xacthuc::inline v0_1 {

// Finds accounts in an index that the caller has entered; what it returns may be used until the caller leaves.
class account_lookup {
  public:
    explicit account_lookup(const citizen_index& index) noexcept
        : directory_{index.directory()}, seed_{index.placement_seed()}, with_keys_{index.facts().with_keys} {}

    enum class state : std::uint8_t { found, gone, damaged };
    struct account {
        state is = state::gone;
        account_status status = account_status::unknown;
        const std::atomic<std::uint64_t>* key = nullptr;  // four words; null when the index has no key column
    };

    // Complexity: the line of the record, which the claims have just been compared in, and no load of the key.
    // Concurrency: wait-free.
    [[nodiscard]] account find(std::uint64_t id) const noexcept {
        const auto hash = placement_hash_inline(id, seed_);
        // Sequentially consistent, after the announcement of this reader: see epoch.hpp.
        const table in{table_word{directory_[partition_of(hash)].load(std::memory_order_seq_cst)}};
        const auto found = locate(in, hash, id, belongs_to{partition_of(hash), seed_});
        if (found.is == located::outcome::damaged) return {state::damaged};
        if (found.is == located::outcome::absent) return {};
        return {state::found, static_cast<account_status>(layout::account.get(found.copy.words[2])),
                with_keys_ ? in.key_at(found.number) : nullptr};
    }

  private:
    const std::atomic<std::uint64_t>* directory_;
    std::uint64_t seed_;
    bool with_keys_;
};

}  // namespace xacthuc::inline v0_1
