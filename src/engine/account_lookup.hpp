// SPDX-License-Identifier: Apache-2.0
// The digital account behind a personal id: its status, and where its key lies in the key column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <xacthuc/index/citizen_index.hpp>

#include "index/placement.hpp"
#include "index/probe.hpp"

namespace xacthuc {

// Finds accounts in an index that the caller has entered; what it returns may be used until the caller leaves.
class account_lookup {
  public:
    explicit account_lookup(const citizen_index& index) noexcept
        : directory_{index.directory()}, seed_{index.placement_seed()}, with_keys_{index.facts().with_keys} {}

    enum class state : std::uint8_t { found, gone, damaged };
    struct account {
        state is = state::gone;
        account_status status = account_status::unknown;
        const std::byte* key = nullptr;  // null when the index has no key column
    };

    // Complexity: the line of the record, which the claims have just been compared in, and no load of the key.
    // Concurrency: wait-free.
    [[nodiscard]] account find(std::uint64_t id) const noexcept {
        const auto hash = placement_hash_inline(id, seed_);
        // Acquire pairs with the release that published the table.
        const table_word table{directory_[partition_of(hash)].load(std::memory_order_acquire)};
        const auto slots = table.line_count() * slots_per_line;
        std::uint64_t successor = slots;
        account found;
        const bool is_live = walk(table, hash, [&](std::uint64_t number, const slot& s) {
            const auto r = copy_of(s);
            if (layout::id.get(r.words[0]) != id) return false;
            const auto now = slot_word::state_of(r.words[0]);
            if (now == slot_state::moved) successor = layout::version.get(r.words[0]);
            if (now != slot_state::live) return false;
            found = account_of(table, number, r);
            return true;
        });
        if (is_live || successor >= slots) return found;
        // Replaced while we walked, and what took over was not live when we passed it. Its payload and key were written
        // before the old slot was marked as moved.
        const auto r = copy_of(slot_at(table, successor));
        const auto now = slot_word::state_of(r.words[0]);
        const bool holds = now == slot_state::live || now == slot_state::staging;
        if (layout::id.get(r.words[0]) != id || !holds) return found;
        return account_of(table, successor, r);
    }

  private:
    [[nodiscard]] account account_of(table_word table, std::uint64_t number, const record& r) const noexcept {
        if (!is_intact(r)) return {state::damaged};
        return {state::found, static_cast<account_status>(layout::account.get(r.words[2])),
                with_keys_ ? key_at(table, number) : nullptr};
    }

    const std::atomic<std::uint64_t>* directory_;
    std::uint64_t seed_;
    bool with_keys_;
};

}  // namespace xacthuc
