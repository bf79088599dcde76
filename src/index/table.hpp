// SPDX-License-Identifier: Apache-2.0
// One partition's table: its lines, its key column and the words of its head, and the walk along an id's probe path.
//
//   head  0..23  as in a snapshot (block_head)
//        24..31  the last change (change_word.hpp), atomic; 0 while nothing has changed since the table was laid out
//        32..55  next retired table, epoch it was retired in, size of its memory: plain, for the one who retired it
//        56..63  for a table's original place: 0 while it is taken, else 1 + the epoch it was retired in, atomic
//
// Everything is a template over the word: std::atomic<std::uint64_t>, or the explorer's model of it with the same size.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "index/slot.hpp"

namespace xacthuc::inline v0_1 {

// A citizen's key as the four words it is stored in.
using key_words = std::array<std::uint64_t, 4>;

template <class Word>
class basic_table {
  public:
    static_assert(sizeof(Word) == 8);

    explicit basic_table(table_word word) noexcept : word_{word} {}

    [[nodiscard]] table_word word() const noexcept { return word_; }
    [[nodiscard]] std::uint64_t line_count() const noexcept { return word_.line_count(); }
    [[nodiscard]] std::uint64_t slot_count() const noexcept { return word_.line_count() * slots_per_line; }
    [[nodiscard]] basic_line<Word>* lines() const noexcept { return word_.lines_of<Word>(); }
    [[nodiscard]] std::uint64_t home(std::uint64_t hash) const noexcept { return word_.home_number(hash); }
    [[nodiscard]] basic_slot<Word>& slot_at(std::uint64_t number) const noexcept {
        return lines()[number / slots_per_line].slots[number % slots_per_line];
    }
    // The four words of a slot's key. Requires: the block has a key column.
    [[nodiscard]] Word* key_at(std::uint64_t number) const noexcept {
        return reinterpret_cast<Word*>(lines() + line_count()) + number * std::tuple_size_v<key_words>;
    }
    [[nodiscard]] key_words key_of(std::uint64_t number) const noexcept {
        key_words key;
        for (std::size_t i = 0; i < key.size(); ++i) key[i] = key_at(number)[i].load(std::memory_order_relaxed);
        return key;
    }

    [[nodiscard]] block_head& head() const noexcept { return *(reinterpret_cast<block_head*>(lines()) - 1); }
    [[nodiscard]] Word& change() const noexcept { return head_word(24); }
    [[nodiscard]] Word& place() const noexcept { return head_word(56); }

    friend bool operator==(const basic_table& a, const basic_table& b) noexcept {
        return a.word_.bits() == b.word_.bits();
    }

  private:
    [[nodiscard]] Word& head_word(std::size_t offset) const noexcept {
        return *reinterpret_cast<Word*>(reinterpret_cast<std::byte*>(&head()) + offset);
    }

    table_word word_;
};

using table = basic_table<std::atomic<std::uint64_t>>;

template <class Word>
[[nodiscard]] record copy_of(const basic_slot<Word>& s) noexcept {
    record r;
    // Acquire pairs with the release that made the slot live, or that linked it: its payload is then there to be read.
    r.words[0] = s.words[0].load(std::memory_order_acquire);
    for (std::size_t i = 1; i < 4; ++i) r.words[i] = s.words[i].load(std::memory_order_relaxed);
    return r;
}

// Whether the slot is in a state that the protocol can have left it in. A flipped bit in the state of a live slot fails
// here, and one in its other words fails its integrity check.
[[nodiscard]] inline bool is_plausible(const record& r) noexcept {
    const auto word = r.words[0] & ~layout::closed.mask();
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

// A record is never beyond a closed line; room for one may be.
enum class closed_lines : bool { are_passed, end_paths };

// Calls visit(slot number, slot) for each slot on the path until it returns true or the path ends: after a line with an
// empty slot, after a closed line where those end paths, or all the way round. Returns whether visit() did.
template <closed_lines closed = closed_lines::are_passed, class Word, class Visit>
bool walk(basic_table<Word> in, std::uint64_t hash, Visit&& visit) {
    const auto count = in.line_count();
    auto at = in.home(hash);
    for (std::uint64_t step = 0; step < count; ++step, at = at + 1 == count ? 0 : at + 1) {
        bool path_ends = false;
        auto both = ~std::uint64_t{0};
        for (std::uint64_t i = 0; i < slots_per_line; ++i) {
            auto& s = in.lines()[at].slots[i];
            if (visit(at * slots_per_line + i, s)) return true;
            const auto word = s.words[0].load(std::memory_order_acquire);
            path_ends |= (word & ~layout::closed.mask()) == 0;
            both &= word;
        }
        path_ends |= closed == closed_lines::end_paths && slot_word::line_is_closed(both, both);
        if (path_ends) return false;
    }
    return false;
}

}  // namespace xacthuc::inline v0_1
