// SPDX-License-Identifier: Apache-2.0
// A table's change word: the last change that was decided for it. A change is decided by swapping it in here, and is
// then carried out by whoever comes by, at the latest by the next who wants to change something.
//
//   successor 20 (bits 0..19)   the slot that becomes live; of an erasure, the version it leaves behind
//   former 20 (20..39)          the slot that it replaces, or that is erased
//   used 20 (40..59)            slots that were ever live
//   kind 3 (60..62)
//   done 1 (63)                 carried out: its slots need not be looked at again
//
// No change comes twice in the life of a table: a slot becomes live once, and is erased once.
#pragma once

#include <cstdint>
#include <xacthuc/domain/record.hpp>

namespace xacthuc::inline v0_1 {

enum class table_change_kind : std::uint8_t {
    none = 0,     // the whole word is 0: nothing changed since the table was laid out
    insert = 1,   // successor: staging → live
    replace = 2,  // former: live or erased → moved; then successor: staging → live
    erase = 3,    // former: live → erased
    frozen = 4,   // nothing changes any more: the table is being replaced
};

struct change_word {
    static constexpr bit_field successor_field{0, 20};
    static constexpr bit_field former_field{20, 20};
    static constexpr bit_field used_field{40, 20};
    static constexpr bit_field kind_field{60, 3};
    static constexpr bit_field done_field{63, 1};

    std::uint64_t bits = 0;

    [[nodiscard]] static constexpr change_word make(table_change_kind kind, std::uint64_t successor,
                                                    std::uint64_t former, std::uint64_t used) noexcept {
        return {successor_field.put(successor) | former_field.put(former) | used_field.put(used) |
                kind_field.put(static_cast<std::uint64_t>(kind))};
    }
    [[nodiscard]] constexpr table_change_kind kind() const noexcept {
        return static_cast<table_change_kind>(kind_field.get(bits));
    }
    [[nodiscard]] constexpr std::uint64_t successor() const noexcept { return successor_field.get(bits); }
    [[nodiscard]] constexpr std::uint64_t former() const noexcept { return former_field.get(bits); }
    [[nodiscard]] constexpr std::uint64_t used() const noexcept { return used_field.get(bits); }
    [[nodiscard]] constexpr bool is_done() const noexcept { return done_field.get(bits) != 0; }
    [[nodiscard]] constexpr bool is_same_change(change_word other) const noexcept {
        return ((bits ^ other.bits) & ~done_field.mask()) == 0;
    }
};

}  // namespace xacthuc::inline v0_1
