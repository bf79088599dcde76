// SPDX-License-Identifier: Apache-2.0
// Changing one table, from any number of threads at once.
//
// A change is prepared in a slot of its own, decided by one compare-and-swap of the table's change word, and carried
// out by at most two more, of the words 0 it names, by whoever comes by: the one who decided it, or the next who wants
// to change the table. Only then is the next change planned, so that between two values of the change word the live
// records of a table stand still, and what a scan of a path found is true for as long as the word has not changed.
//
//   empty ─claim→ staging ─publish→ live ─link→ moved          a slot's states. It never goes back but from staging to
//            ↑        │               └─erase→ erased ─link→ moved      free and from there to staging, before any
//            reader └─ free ←┘                                                 can be sent to it
//
// A replacement is done when the former slot is linked to its successor: readers find the one before and the other
// after, by the link until it is published. Word 0 is the only word of a slot that is ever compared and swapped.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <xacthuc/domain/record.hpp>

#include "index/change_word.hpp"
#include "index/protocol_steps.hpp"
#include "index/table.hpp"

namespace xacthuc::inline v0_1 {

// A slot that a writer has claimed and not yet given to a change.
template <class Word>
struct claimed_slot {
    std::optional<basic_table<Word>> in;
    std::uint64_t number = 0;
};

template <class Word, class Steps = sound_steps>
class table_changes {
  public:
    table_changes(basic_table<Word> in, bool with_keys) noexcept : in_{in}, with_keys_{with_keys} {}

    // Acquire pairs with the release of decide() and help(): who knows a change finds the slots it names filled, and
    // the changes before it carried out.
    [[nodiscard]] change_word last() const { return {in_.change().load(Steps::learning)}; }

    // Carries out a change, or finds it done; marks it done, in `change` too. Returns by how much that made the number
    // of citizens rise. Late helpers do no harm: no slot comes back to the state that their change began from. Release
    // in each swap pairs with the acquire of readers and hands on what last() acquired: the payload.
    std::int64_t help(change_word& change) const {
        if (change.is_done() || change.kind() == table_change_kind::none || change.kind() == table_change_kind::frozen)
            return 0;
        const auto rise = carry_out(change);
        // Release pairs with last(): who sees the mark sees the slots as they are now.
        const auto marked = change.bits | change_word::done_field.mask();
        auto expected = change.bits;
        if (in_.change().compare_exchange_strong(expected, marked, Steps::marking, std::memory_order_relaxed) ||
            expected == marked)
            change.bits = marked;
        return rise;
    }

    // Whether the change was decided: nothing else was since `last`. Release pairs with last().
    [[nodiscard]] bool decide(change_word last, change_word next) const {
        return in_.change().compare_exchange_strong(last.bits, next.bits, Steps::deciding, std::memory_order_relaxed);
    }
    // Requires: `last` is carried out, and marked so. Relaxed: as a swap it goes on with the release sequence of that
    // mark, and so whoever learns of the freeze acquires the table as it was when the mark was made, and it stood still
    // since.
    void freeze(change_word last) const {
        const auto frozen = change_word::make(table_change_kind::frozen, 0, 0, used(last));
        static_cast<void>(
            in_.change().compare_exchange_strong(last.bits, frozen.bits, Steps::freezing, std::memory_order_relaxed));
    }
    // Slots that were ever live.
    [[nodiscard]] std::uint64_t used(change_word last) const noexcept {
        return last.bits == 0 ? in_.head().live_count : last.used();
    }

    static constexpr std::uint64_t nowhere = ~std::uint64_t{0};

    // The slot that speaks for an id: live, or erased with the version that its erasure left behind.
    struct holder {
        bool is_there = false;
        std::uint64_t number = 0;
        std::uint64_t word = 0;
        std::uint64_t room = nowhere;  // the first slot on the path that could be claimed
        std::uint64_t path_lines = 0;  // from the home line to where the scan ended

        [[nodiscard]] bool is_live() const noexcept {
            return is_there && slot_word::state_of(word) == slot_state::live;
        }
        [[nodiscard]] std::uint32_t version() const noexcept {
            return static_cast<std::uint32_t>(layout::version.get(word));
        }
    };
    // Requires: the last change is carried out. True as long as last() stays what it was.
    [[nodiscard]] holder scan(std::uint64_t hash, std::uint64_t id) const {
        holder found;
        std::uint64_t slots_seen = 0;
        walk(in_, hash, [&](std::uint64_t number, const basic_slot<Word>& s) {
            ++slots_seen;
            // Acquire: what is seen here of a later change makes last() say so.
            const auto word = s.words[0].load(std::memory_order_acquire);
            const auto state = slot_word::state_of(word);
            if (is_room(state)) {
                if (found.room == nowhere) found.room = number;
                return found.is_there || !Steps::scans_whole_path;
            }
            if (found.is_there || layout::id.get(word) != id) return false;
            if (state != slot_state::live && state != slot_state::erased) return false;
            found = {true, number, word, found.room, 0};
            return found.room != nowhere;
        });
        found.path_lines = (slots_seen + slots_per_line - 1) / slots_per_line;
        return found;
    }

    // Claims the first slot on the path that is empty or free, most likely `room`. False when there is none.
    [[nodiscard]] bool claim(std::uint64_t hash, std::uint64_t id, std::uint64_t room, claimed_slot<Word>& mine) const {
        if (mine.in && *mine.in == in_) return true;
        if (room == nowhere) return false;
        const auto staging = slot_word::with_state(layout::id.put(id), slot_state::staging);
        if (claim_at(room, staging)) {
            mine = {in_, room};
        } else if (!walk(in_, hash, [&](std::uint64_t number, const basic_slot<Word>&) {
                       if (!claim_at(number, staging)) return false;
                       mine = {in_, number};
                       return true;
                   })) {
            return false;
        }
        if (Steps::opens_before_deciding) open_lines(in_.home(hash), mine.number / slots_per_line);
        return true;
    }
    void give_up(const claimed_slot<Word>& mine) const {
        // A table that was replaced meanwhile keeps the slot.
        if (mine.in && *mine.in == in_)
            in_.slot_at(mine.number).words[0].store(slot_word::free_word, Steps::giving_up);  // pairs with claim_at()
    }

    // Requires: the slot is claimed here. Only its claimer writes to it until a change names it.
    void fill(const claimed_slot<Word>& mine, const record& r, const key_words& key) const {
        auto& s = in_.slot_at(mine.number);
        s.words[0].store(slot_word::with_state(r.words[0] & ~layout::closed.mask(), slot_state::staging),
                         std::memory_order_relaxed);
        for (std::size_t i = 1; i < 4; ++i) s.words[i].store(r.words[i], std::memory_order_relaxed);
        if (!with_keys_) return;
        for (std::size_t i = 0; i < key.size(); ++i)
            in_.key_at(mine.number)[i].store(key[i], std::memory_order_relaxed);
    }

  private:
    [[nodiscard]] static constexpr bool is_room(slot_state state) noexcept {
        return state == slot_state::empty || state == slot_state::free;
    }
    // Opens the lines of a path before the one that it ends in. Relaxed: what is decided afterwards releases it.
    void open_lines(std::uint64_t from, std::uint64_t to) const {
        for (auto at = from; at != to; at = at + 1 == in_.line_count() ? 0 : at + 1)
            for (auto& s : in_.lines()[at].slots) {
                auto word = s.words[0].load(std::memory_order_relaxed);
                while ((word & layout::closed.mask()) != 0 &&
                       !s.words[0].compare_exchange_strong(word, word & ~layout::closed.mask(),
                                                           std::memory_order_relaxed, std::memory_order_relaxed)) {
                }
            }
    }
    // Swaps word 0 of a slot for one of another state. Returns the state that it had, or none when another did it.
    // Its line may be opened meanwhile; nothing else can happen to a slot in one of these states.
    [[nodiscard]] std::optional<slot_state> swap_state(std::uint64_t number, std::uint64_t next,
                                                       std::memory_order order, bool also_erased) const {
        auto& word = in_.slot_at(number).words[0];
        auto before = word.load(std::memory_order_relaxed);
        const auto state = slot_word::state_of(before);
        if (state != slot_state::live && !(also_erased && state == slot_state::erased)) return std::nullopt;
        const auto wanted = next | layout::id.put(layout::id.get(before));
        for (;;) {
            auto now = before;
            if (word.compare_exchange_strong(now, wanted, order, std::memory_order_relaxed)) return state;
            if (!Steps::changes_what_is_opened || now != (before & ~layout::closed.mask())) return std::nullopt;
            before = now;
        }
    }
    [[nodiscard]] bool claim_at(std::uint64_t number, std::uint64_t staging) const {
        auto& first = in_.slot_at(number).words[0];
        auto word = first.load(std::memory_order_relaxed);
        if (!is_room(slot_word::state_of(word))) return false;
        if (!Steps::claims_by_swap) {
            first.store(staging, std::memory_order_release);
            return true;
        }
        // Acquire pairs with the release in give_up(): the writer before has written its last.
        return first.compare_exchange_strong(word, staging, Steps::claiming, std::memory_order_relaxed);
    }
    [[nodiscard]] std::int64_t carry_out(change_word change) const {
        std::int64_t rise = 0;
        switch (change.kind()) {
            case table_change_kind::replace:
                if (!Steps::links_before_publishing) static_cast<void>(publish(change.successor()));
                rise = link(change.former(), change.successor());
                static_cast<void>(publish(change.successor()));
                return rise;
            case table_change_kind::insert:
                return publish(change.successor()) ? 1 : 0;
            case table_change_kind::erase:
                return bury(change.former(), change.successor()) ? -1 : 0;
            case table_change_kind::none:
            case table_change_kind::frozen:
                break;
        }
        return rise;
    }

    // former: live or erased → moved. 1 when that brought an erased citizen back.
    [[nodiscard]] std::int64_t link(std::uint64_t former, std::uint64_t successor) const {
        const auto moved = slot_word::with_state(layout::version.put(successor), slot_state::moved);
        return swap_state(former, moved, Steps::linking, true) == slot_state::erased ? 1 : 0;
    }
    // successor: staging → live.
    [[nodiscard]] bool publish(std::uint64_t successor) const {
        auto& word = in_.slot_at(successor).words[0];
        auto now = word.load(std::memory_order_relaxed);
        if (slot_word::state_of(now) != slot_state::staging) return false;
        return word.compare_exchange_strong(now, slot_word::with_state(now, slot_state::live), Steps::publishing,
                                            std::memory_order_relaxed);
    }
    // former: live → erased.
    [[nodiscard]] bool bury(std::uint64_t former, std::uint64_t version) const {
        const auto erased = slot_word::with_state(layout::version.put(version), slot_state::erased);
        // Relaxed: nobody reads the payload of an erased slot, and who has carried this out says so by help()'s
        // release.
        return swap_state(former, erased, Steps::burying, false).has_value();
    }

    basic_table<Word> in_;
    bool with_keys_;
};

}  // namespace xacthuc::inline v0_1
