// SPDX-License-Identifier: Apache-2.0
// The digital account behind a record: its status and level, and where its key lies in the key column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <xacthuc/domain/verdict.hpp>

#include "index/index_view.hpp"
#include "index/lookup.hpp"
#include "index/placement.hpp"

namespace xacthuc::inline v0_1 {

struct account {
    account_status status = account_status::unknown;
    account_level level = account_level::unknown;
    const std::atomic<std::uint64_t>* key = nullptr;  // four words; null when the index has no key column
};

// Finds accounts in an index that the caller has entered; what it returns may be used until the caller leaves.
class account_finder {
  public:
    explicit account_finder(const index_view& index) noexcept
        : index_{index},
          directory_{index.directory()},
          seed_{index.placement_seed()},
          with_keys_{index.facts().with_keys} {}

    // The account of the record in a slot that was found for this id. None where the slot is of a table that has been
    // replaced. Complexity: no look at any slot but this. Concurrency: wait-free.
    [[nodiscard]] std::optional<account> of(const slot* found, std::uint64_t id) const noexcept {
        const auto in = table_of(placement_hash_inline(id, seed_));
        const auto offset = reinterpret_cast<std::uintptr_t>(found) - reinterpret_cast<std::uintptr_t>(in.lines());
        const auto number = offset / sizeof(slot);
        if (found == nullptr || number >= in.slot_count()) return std::nullopt;
        return account_in(in, number, found->words[2].load(std::memory_order_relaxed));
    }

    struct found_account {
        outcome is = outcome::verified;  // or damaged_record, not_found, elsewhere
        account of;
        record at;
    };
    // The account of an id, and its record. Complexity: a walk of its path. Concurrency: wait-free.
    [[nodiscard]] found_account find(std::uint64_t id) const noexcept {
        const auto hash = placement_hash_inline(id, seed_);
        const auto in = table_of(hash);
        if (index_.is_elsewhere(in.word())) return {outcome::elsewhere, {}, {}};
        const auto found = locate(in, hash, id, belongs_to{partition_of(hash), seed_});
        if (found.is == located::outcome::damaged) return {outcome::damaged_record, {}, {}};
        if (found.is == located::outcome::absent) return {outcome::not_found, {}, {}};
        return {outcome::verified, account_in(in, found.number, found.copy.words[2]), found.copy};
    }

  private:
    [[nodiscard]] table table_of(std::uint64_t hash) const noexcept {
        // Sequentially consistent, after the announcement of this reader: see epoch.hpp.
        return table{table_word{directory_[partition_of(hash)].load(std::memory_order_seq_cst)}};
    }
    [[nodiscard]] account account_in(table in, std::uint64_t number, std::uint64_t word) const noexcept {
        return {static_cast<account_status>(layout::account.get(word)),
                static_cast<account_level>(layout::level.get(word)), with_keys_ ? in.key_at(number) : nullptr};
    }

    index_view index_;
    const std::atomic<std::uint64_t>* directory_;
    std::uint64_t seed_;
    bool with_keys_;
};

}  // namespace xacthuc::inline v0_1
