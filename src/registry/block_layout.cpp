// SPDX-License-Identifier: Apache-2.0
#include "registry/block_layout.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] std::uint64_t word_at(const std::byte* from) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}

[[nodiscard]] record with_version(const record& r, std::uint64_t version) noexcept {
    record made = r;
    made.words[0] = (r.words[0] & layout::id.mask()) | layout::version.put(version);
    return with_integrity(made);
}

// A citizen and the line where the probe for it starts.
struct placed_citizen {
    std::uint64_t home;
    const kept_citizen* who;
};

// Slots being filled, the first free one of a line first.
class filling {
  public:
    filling(const block_shape& shape, std::span<std::byte> to) noexcept
        : slots_{to.data() + sizeof(block_head)},
          keys_{shape.with_keys ? slots_ + std::size_t{shape.line_count} * sizeof(line) : nullptr} {}

    [[nodiscard]] bool put_into_line(std::uint64_t line_number, const kept_citizen& who) noexcept {
        for (std::size_t i = 0; i < slots_per_line; ++i) {
            const auto number = static_cast<std::size_t>(line_number) * slots_per_line + i;
            auto* const slot_bytes = slots_ + number * sizeof(record);
            if (word_at(slot_bytes) != 0) continue;
            auto words = who.facts.words;
            words[0] |= layout::state.put(static_cast<std::uint64_t>(slot_state::live));
            std::memcpy(slot_bytes, words.data(), sizeof words);
            if (keys_ != nullptr) std::memcpy(keys_ + number * public_key_bytes, &who.key, public_key_bytes);
            // A line that becomes full is closed until somebody passes it.
            if (i + 1 == slots_per_line) mark_line(line_number, layout::closed.mask());
            return true;
        }
        return false;
    }
    void open_line(std::uint64_t line_number) noexcept { mark_line(line_number, 0); }

  private:
    void mark_line(std::uint64_t line_number, std::uint64_t closed) noexcept {
        for (std::size_t i = 0; i < slots_per_line; ++i) {
            auto* const slot_bytes =
                slots_ + (static_cast<std::size_t>(line_number) * slots_per_line + i) * sizeof(record);
            const auto word = (word_at(slot_bytes) & ~layout::closed.mask()) | closed;
            std::memcpy(slot_bytes, &word, sizeof word);
        }
    }

    std::byte* slots_;
    std::byte* keys_;
};

}  // namespace

void take_citizens(std::span<const std::byte> block, std::vector<kept_citizen>& into) {
    block_head head;
    std::memcpy(&head, block.data(), sizeof head);
    const auto slots = std::size_t{head.line_count} * slots_per_line;
    const auto* const first_slot = block.data() + sizeof head;
    const auto* const first_key = first_slot + slots * sizeof(record);
    for (std::size_t number = 0; number < slots; ++number) {
        record r;
        std::memcpy(&r, first_slot + number * sizeof r, sizeof r);
        if (slot_word::state_of(r.words[0]) != slot_state::live) continue;
        r.words[0] &= layout::id.mask() | layout::version.mask();
        auto& one = into.emplace_back(kept_citizen{r, {}});
        if (head.key_bytes != 0) std::memcpy(&one.key, first_key + number * public_key_bytes, public_key_bytes);
    }
}

std::size_t make_among(std::vector<kept_citizen>& citizens, std::span<const change> changes) {
    if (changes.empty()) return 0;
    std::unordered_map<std::uint64_t, std::size_t> places;
    places.reserve(citizens.size() + changes.size());
    for (std::size_t i = 0; i < citizens.size(); ++i) places[citizens[i].id()] = i;
    for (std::size_t at = 0; at < changes.size(); ++at) {
        const auto& what = changes[at];
        const auto found = places.find(what.id());
        const bool is_there = found != places.end();
        const auto version = is_there ? layout::version.get(citizens[found->second].facts.words[0]) + 1 : 0;
        if (what.kind == change_kind::upsert || what.kind == change_kind::upsert_with_key) {
            const auto place = is_there ? found->second : citizens.size();
            if (!is_there) {
                citizens.emplace_back();
                places[what.id()] = place;
            }
            citizens[place].facts = with_version(what.after, version);
            if (what.has_key()) citizens[place].key = what.key;
            continue;
        }
        if (!is_there) return at;
        auto& one = citizens[found->second];
        if (what.kind == change_kind::set_key) {
            one.key = what.key;
            one.facts = with_version(one.facts, version);
            continue;
        }
        places[citizens.back().id()] = found->second;
        one = citizens.back();
        citizens.pop_back();
        places.erase(what.id());
    }
    return changes.size();
}

void lay_out_block(std::size_t partition, const block_shape& shape, std::vector<kept_citizen>& citizens,
                   std::span<std::byte> to) {
    std::vector<placed_citizen> placed;
    placed.reserve(citizens.size());
    for (const auto& who : citizens) {
        const auto hash = placement_hash(who.id(), shape.placement_seed);
        placed.push_back({(hash & 0xffff'ffff) * shape.line_count >> 32, &who});
    }
    std::ranges::sort(placed, [](const auto& a, const auto& b) {
        return a.home != b.home ? a.home < b.home : a.who->id() < b.who->id();
    });
    std::ranges::fill(to, std::byte{0});
    block_head head;
    head.partition = static_cast<std::uint32_t>(partition);
    head.line_count = shape.line_count;
    head.live_count = static_cast<std::uint32_t>(citizens.size());
    head.key_bytes = shape.with_keys ? public_key_bytes : 0;
    std::memcpy(to.data(), &head, sizeof head);
    filling slots{shape, to};
    // Whoever fits into the home line goes there first; only those left over move on.
    std::erase_if(placed, [&](const auto& one) { return slots.put_into_line(one.home, *one.who); });
    for (const auto& one : placed)
        for (auto at = one.home; !slots.put_into_line(at, *one.who); at = at + 1 == shape.line_count ? 0 : at + 1)
            slots.open_line(at);
}

}  // namespace xacthuc::inline v0_1
