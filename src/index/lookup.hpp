// SPDX-License-Identifier: Apache-2.0
// Finding an id's record in a table while it may be changing.
#pragma once

#include <bit>
#include <cstdint>

#include "index/protocol_steps.hpp"
#include "index/slot.hpp"
#include "index/table.hpp"

namespace xacthuc::inline v0_1 {

// Which slot of a line holds the live record of an id, if one does, and its word 0 as it was then: the slot may be
// replaced at any time, but the payload stays as it was with that word. In arithmetic: a difference of 0 is the only
// one that borrows from bit 63, for the masked bits lie below.
template <class Word>
struct place_in_line {
    bool is_there;
    const basic_slot<Word>* at;
    std::uint64_t word;
};
template <class Word>
[[nodiscard, gnu::always_inline]] inline place_in_line<Word> live_in(const basic_line<Word>* in,
                                                                     std::uint64_t id) noexcept {
    const auto wanted = slot_word::live_identity(id);
    // Acquire pairs with the release that made the slot live.
    const auto first_word = in->slots[0].words[0].load(std::memory_order_acquire);
    const auto second_word = in->slots[1].words[0].load(std::memory_order_acquire);
    const auto first = (first_word ^ wanted) & slot_word::identity_mask;
    const auto second = (second_word ^ wanted) & slot_word::identity_mask;
    const auto in_second = (second - 1) >> 63;
    return {((first - 1) >> 63 | in_second) != 0, in->slots.data() + in_second,
            in_second != 0 ? second_word : first_word};
}

// What a look-up says. A found record's copy has the version bits it was found with.
struct located {
    enum class outcome : std::uint8_t { absent, found, damaged };
    outcome is = outcome::absent;
    std::uint64_t number = 0;
    record copy{};
};

// From a slot that was replaced to the record that is the citizen's now: links lead from each slot to the next, and the
// last is live, erased, or linked but not yet live. Complexity: one step a link, of which a table has at most one a
// slot.
template <class Word>
[[nodiscard]] located follow(basic_table<Word> in, std::uint64_t id, std::uint64_t number) {
    for (std::uint64_t step = 0; step < in.slot_count() && number < in.slot_count(); ++step) {
        const auto r = copy_of(in.slot_at(number));
        if (layout::id.get(r.words[0]) != id) break;
        switch (slot_word::state_of(r.words[0])) {
            case slot_state::moved:
                number = layout::version.get(r.words[0]);
                continue;
            case slot_state::live:
            case slot_state::staging:
                return {is_intact(r) ? located::outcome::found : located::outcome::damaged, number, r};
            case slot_state::erased:
                return {};
            default:
                return {located::outcome::damaged, number, r};
        }
    }
    // No table without a flipped bit has such links.
    return {located::outcome::damaged, number, {}};
}

// An id that differs from another in so few bits may be the other one, damaged.
inline constexpr int near_bits = 3;

// Whether a slot on the path of an id can be what it says it is, so that a look-up may pass it by: it is in a state
// that the protocol knows, what it holds belongs where the path leads (`belongs`, of an id), and is nobody whom a few
// flipped bits could have made of the wanted one. What else a neighbour's record says is no matter of who looks for
// another.
template <class Belongs>
[[nodiscard]] bool can_be_passed(const record& r, std::uint64_t id, const Belongs& belongs) {
    const auto word = r.words[0] & ~layout::closed.mask();
    if (word == 0 || word == slot_word::free_word) return true;
    switch (slot_word::state_of(word)) {
        case slot_state::live:
        case slot_state::staging:
        case slot_state::moved:
        case slot_state::erased:
            break;
        default:
            return false;
    }
    const auto holds = layout::id.get(word);
    if (!belongs(holds)) return false;
    const bool is_near = holds != id && std::popcount(holds ^ id) <= near_bits;
    return !is_near || slot_word::state_of(word) != slot_state::live || is_intact(r);
}

// Finds the record of an id: by the first live slot that has it, or by its links. A miss is believed when every slot on
// the way can be passed by. Concurrency: wait-free.
template <class Word, class Steps = sound_steps, class Belongs>
[[nodiscard]] located locate(basic_table<Word> in, std::uint64_t hash, std::uint64_t id, const Belongs& belongs) {
    located found;
    bool damaged = false;
    auto successor = in.slot_count();
    walk<closed_lines::end_paths>(in, hash, [&](std::uint64_t number, const basic_slot<Word>& s) {
        const auto r = copy_of(s);
        damaged |= !can_be_passed(r, id, belongs);
        if (layout::id.get(r.words[0]) != id) return false;
        const auto state = slot_word::state_of(r.words[0]);
        if (state == slot_state::moved) successor = layout::version.get(r.words[0]);
        if (state != slot_state::live) return false;
        found = {is_intact(r) ? located::outcome::found : located::outcome::damaged, number, r};
        return true;
    });
    if (found.is == located::outcome::found) return found;
    if (damaged) return {located::outcome::damaged, 0, {}};
    if (found.is != located::outcome::absent || successor == in.slot_count() || !Steps::follows_links) return found;
    // Replaced while we walked: what took over was not live when we passed it. All slots that an id ever had in a table
    // are one chain, so any link leads to its end.
    return follow(in, id, successor);
}

}  // namespace xacthuc::inline v0_1
