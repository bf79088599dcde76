// SPDX-License-Identifier: Apache-2.0
// A slot: the four words that hold a record in the index, and the states that word 0 says it is in.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <xacthuc/domain/record.hpp>

namespace xacthuc::inline v0_1 {

// Three bits chosen so that no single flipped bit turns a live slot into another valid state that hides it: the
// neighbours of `live` are two unused codes and `free`, whose id and version bits are always 0.
enum class slot_state : std::uint8_t {
    empty = 0,    // never used since the last rebuild: ends a probe
    staging = 1,  // being filled by a writer: an answer only for who was sent here by a moved slot
    moved = 2,    // replaced: the version bits hold the number of the slot that took over
    free = 3,     // given up while staging: may be filled again, does not end a probe
    erased = 4,   // removed: the version bits hold the erasure's version
    live = 7,     // the citizen's record
};

namespace slot_word {

[[nodiscard]] constexpr slot_state state_of(std::uint64_t word) noexcept {
    return static_cast<slot_state>(layout::state.get(word));
}
[[nodiscard]] constexpr std::uint64_t with_state(std::uint64_t word, slot_state state) noexcept {
    return (word & ~layout::state.mask()) | layout::state.put(static_cast<std::uint64_t>(state));
}
inline constexpr std::uint64_t free_word = layout::state.put(static_cast<std::uint64_t>(slot_state::free));

// What word 0 of a live record of this id looks like under `identity_mask`.
inline constexpr std::uint64_t identity_mask = layout::id.mask() | layout::state.mask();
[[nodiscard]] constexpr std::uint64_t live_identity(std::uint64_t id) noexcept {
    return id | layout::state.put(static_cast<std::uint64_t>(slot_state::live));
}

// Words 0 of a closed line's two slots: both live, and both say so. No record lies beyond it whose path passes it, so
// that it ends a path as an empty slot does. Who lays a table out closes lines; a writer who passes one opens it for
// good before a record that lies beyond it can be seen. Two bits, so that no single flip closes a line that is not.
inline constexpr std::uint64_t closed_mask = layout::closed.mask() | layout::state.mask();
static_assert(layout::state.get(~std::uint64_t{0}) == static_cast<std::uint64_t>(slot_state::live));
[[nodiscard]] constexpr bool line_is_closed(std::uint64_t first, std::uint64_t second) noexcept {
    return (first & second & closed_mask) == closed_mask;
}

}  // namespace slot_word

inline constexpr std::size_t slots_per_line = 2;

// `Word` is std::atomic<std::uint64_t>, or a model of it under exploration.
template <class Word>
struct basic_slot {
    std::array<Word, 4> words;
};

// 64 bytes, one cache line, in the production form.
template <class Word>
struct basic_line {
    std::array<basic_slot<Word>, slots_per_line> slots;
};

using slot = basic_slot<std::atomic<std::uint64_t>>;
using line = basic_line<std::atomic<std::uint64_t>>;
static_assert(sizeof(line) == 64 && std::atomic<std::uint64_t>::is_always_lock_free);

// A table's lines and how many there are, packed into the one word that a partition swaps: address / 64 in the high 42
// bits, count in the low 22.
class table_word {
  public:
    static constexpr unsigned count_bits = 22;
    static constexpr std::uint64_t line_count_max = (std::uint64_t{1} << 19) - 1;  // slot numbers have 20 bits

    constexpr table_word() = default;
    constexpr explicit table_word(std::uint64_t bits) noexcept : bits_{bits} {}
    // Requires: lines is 64-byte aligned, 0 < line_count <= line_count_max.
    table_word(const void* lines, std::uint64_t line_count) noexcept
        : bits_{reinterpret_cast<std::uintptr_t>(lines) >> 6 << count_bits | line_count} {}

    [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }
    [[nodiscard]] constexpr std::uint64_t line_count() const noexcept { return bits_ & ((1U << count_bits) - 1); }
    template <class Word>
    [[nodiscard]] basic_line<Word>* lines_of() const noexcept {
        return reinterpret_cast<basic_line<Word>*>(bits_ >> count_bits << 6);
    }
    [[nodiscard]] line* lines() const noexcept { return lines_of<std::atomic<std::uint64_t>>(); }
    // The number of the line where a probe for this placement hash starts: the hash's low half scaled to the count.
    [[nodiscard]] std::uint64_t home_number(std::uint64_t hash) const noexcept {
        return (hash & 0xffff'ffff) * line_count() >> 32;
    }
    [[nodiscard]] line* home(std::uint64_t hash) const noexcept { return lines() + home_number(hash); }

  private:
    std::uint64_t bits_ = 0;
};

// The head of a partition's block, one cache line, before its lines; the same bytes in memory and in a snapshot. The
// key column, where there is one, follows the lines: 32 bytes a slot.
struct block_head {
    static constexpr std::uint32_t magic_value = 0x5078'6163;  // "caxP"

    std::uint32_t magic = magic_value;
    std::uint32_t partition = 0;
    std::uint32_t line_count = 0;
    std::uint32_t live_count = 0;           // at the time the block was built
    std::uint32_t key_bytes = 0;            // 32 when the key column follows, else 0
    std::array<std::uint32_t, 11> spare{};  // zeros in a snapshot; in memory the last ten are writers' words
};
static_assert(sizeof(block_head) == 64);

[[nodiscard]] constexpr std::size_t block_bytes(std::uint64_t line_count, bool with_keys) noexcept {
    return sizeof(block_head) + line_count * (sizeof(line) + (with_keys ? slots_per_line * 32 : 0));
}

}  // namespace xacthuc::inline v0_1
