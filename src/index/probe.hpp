// SPDX-License-Identifier: Apache-2.0
// Walking one partition's table along the probe path of an id, slot by slot. Slow and complete: the batch kernels take
// a shortcut for records that lie where they should, and come here for everything else.
#pragma once

#include <cstdint>
#include <xacthuc/index/slot.hpp>

namespace xacthuc {

[[nodiscard]] inline record copy_of(const slot& s) noexcept {
    record r;
    // Acquire pairs with the release that made the slot live: its payload is then there to be read.
    r.words[0] = s.words[0].load(std::memory_order_acquire);
    for (std::size_t i = 1; i < 4; ++i) r.words[i] = s.words[i].load(std::memory_order_relaxed);
    return r;
}

// Whether the slot is in a state that the protocol can have left it in. A flipped bit in the state of a live slot fails
// here, and one in its other words fails its integrity check.
[[nodiscard]] inline bool is_plausible(const record& r) noexcept {
    const auto word = r.words[0] & ~layout::frozen.mask();
    switch (slot_word::state_of(word)) {
        case slot_state::empty:
            return word == 0;
        case slot_state::free:
            return word == slot_word::free_word;
        case slot_state::live:
            return is_intact(r);
        case slot_state::staging:
        case slot_state::moved:
        case slot_state::erased:
            return layout::id.get(word) != 0;
    }
    return false;
}

// Calls visit(slot number, slot) for each slot on the path until it returns true or the path ends: after a line with an
// empty slot, or all the way round. Returns whether visit() did.
template <class Visit>
bool walk(table_word table, std::uint64_t hash, Visit&& visit) noexcept {
    const auto count = table.line_count();
    auto at = static_cast<std::uint64_t>(table.home(hash) - table.lines());
    for (std::uint64_t step = 0; step < count; ++step, at = at + 1 == count ? 0 : at + 1) {
        bool path_ends = false;
        for (std::uint64_t i = 0; i < slots_per_line; ++i) {
            slot& s = table.lines()[at].slots[i];
            if (visit(at * slots_per_line + i, s)) return true;
            path_ends |= (s.words[0].load(std::memory_order_acquire) & ~layout::frozen.mask()) == 0;
        }
        if (path_ends) return false;
    }
    return false;
}

[[nodiscard]] inline slot& slot_at(table_word table, std::uint64_t number) noexcept {
    return table.lines()[number / slots_per_line].slots[number % slots_per_line];
}

// The key column's entry of a slot. Requires: the block has one.
[[nodiscard]] inline std::byte* key_at(table_word table, std::uint64_t number) noexcept {
    return reinterpret_cast<std::byte*>(table.lines() + table.line_count()) + number * 32;
}

}  // namespace xacthuc
