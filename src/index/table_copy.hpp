// SPDX-License-Identifier: Apache-2.0
// Laying the live records of one table out in another.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

#include "index/slot.hpp"
#include "index/table.hpp"

namespace xacthuc::inline v0_1 {

// The live records of a table: which slot each was in, and its word 0 as it was then.
class live_list {
  public:
    struct entry {
        std::uint64_t word;
        std::uint32_t home;  // the low half of the placement hash
        std::uint32_t number;

        // As the builder places them: the same records then give the same bytes.
        friend bool operator<(const entry& a, const entry& b) noexcept {
            if (a.home != b.home) return a.home < b.home;
            return layout::id.get(a.word) < layout::id.get(b.word);
        }
    };

    // Looks at every slot. False when there is no memory. `Placement` is hash(id).
    template <class Word, class Placement>
    [[nodiscard]] bool gather(basic_table<Word> from, const Placement& placement) {
        entries_.reset(new (std::nothrow) entry[static_cast<std::size_t>(from.slot_count())]);
        if (!entries_) return false;
        for (std::uint64_t number = 0; number < from.slot_count(); ++number) {
            const auto r = copy_of(from.slot_at(number));
            const auto state = slot_word::state_of(r.words[0]);
            is_damaged_ |= !is_plausible(r);
            if (state == slot_state::live)
                entries_[count_++] = {r.words[0], static_cast<std::uint32_t>(placement(layout::id.get(r.words[0]))),
                                      static_cast<std::uint32_t>(number)};
        }
        return true;
    }
    void sort() noexcept { std::sort(entries_.get(), entries_.get() + count_); }

    [[nodiscard]] std::span<const entry> entries() const noexcept { return {entries_.get(), count_}; }
    // A slot failed its check: what it held belongs nobody knows where.
    [[nodiscard]] bool is_damaged() const noexcept { return is_damaged_; }

  private:
    std::unique_ptr<entry[]> entries_;
    std::size_t count_ = 0;
    bool is_damaged_ = false;
};

// Puts records into a table that nobody else sees yet. Relaxed stores: the swap that publishes the table releases them.
template <class Word>
class table_filler {
  public:
    table_filler(basic_table<Word> to, bool with_keys) noexcept : to_{to}, with_keys_{with_keys} {}

    void put(std::uint64_t number, const record& r, const key_words& key) const noexcept {
        auto& s = to_.slot_at(number);
        s.words[0].store(r.words[0] & ~layout::closed.mask(), std::memory_order_relaxed);
        for (std::size_t i = 1; i < 4; ++i) s.words[i].store(r.words[i], std::memory_order_relaxed);
        if (!with_keys_) return;
        for (std::size_t i = 0; i < key.size(); ++i) to_.key_at(number)[i].store(key[i], std::memory_order_relaxed);
    }
    [[nodiscard]] bool put_if_empty(std::uint64_t number, const record& r, const key_words& key) const noexcept {
        if (to_.slot_at(number).words[0].load(std::memory_order_relaxed) != 0) return false;
        put(number, r, key);
        return true;
    }
    // Into its home line if there is room.
    [[nodiscard]] bool put_at_home(std::uint32_t home, const record& r, const key_words& key) const noexcept {
        return put_into_line(to_.home(home), r, key);
    }
    // Requires: there is a slot for it.
    void put_on_path(std::uint32_t home, const record& r, const key_words& key) const noexcept {
        for (auto at = to_.home(home); !put_into_line(at, r, key); at = at + 1 == to_.line_count() ? 0 : at + 1)
            mark_line(at, 0);
    }

  private:
    // A line that becomes full is closed until somebody passes it.
    [[nodiscard]] bool put_into_line(std::uint64_t at, const record& r, const key_words& key) const noexcept {
        const auto first = at * slots_per_line;
        if (put_if_empty(first, r, key)) return true;
        if (!put_if_empty(first + 1, r, key)) return false;
        mark_line(at, layout::closed.mask());
        return true;
    }
    void mark_line(std::uint64_t at, std::uint64_t closed) const noexcept {
        for (auto& s : to_.lines()[at].slots)
            s.words[0].store((s.words[0].load(std::memory_order_relaxed) & ~layout::closed.mask()) | closed,
                             std::memory_order_relaxed);
    }

    basic_table<Word> to_;
    bool with_keys_;
};

// Lays out `count` records, of which at(i, use) shows the i-th by calling use(home, record, key): first those that find
// room in their home line, then what is left over, so that more of them are where they are looked for first.
// Requires: the table is empty and has a slot for each. False when there is no memory for a list of the left over.
template <class Word, class At>
[[nodiscard]] bool lay_out(basic_table<Word> to, bool with_keys, std::size_t count, const At& at) {
    const std::unique_ptr<std::uint32_t[]> left_over{new (std::nothrow) std::uint32_t[count + 1]};
    if (!left_over) return false;
    const table_filler<Word> filler{to, with_keys};
    std::size_t left_over_count = 0;
    for (std::size_t i = 0; i < count; ++i)
        at(i, [&](std::uint32_t home, const record& r, const key_words& key) {
            if (!filler.put_at_home(home, r, key)) left_over[left_over_count++] = static_cast<std::uint32_t>(i);
        });
    for (std::size_t k = 0; k < left_over_count; ++k)
        at(left_over[k],
           [&](std::uint32_t home, const record& r, const key_words& key) { filler.put_on_path(home, r, key); });
    to.head().live_count = static_cast<std::uint32_t>(count);
    return true;
}

// The live records of one table, laid out in another.
template <class Word>
[[nodiscard]] bool lay_out(basic_table<Word> to, bool with_keys, const live_list& records, basic_table<Word> from) {
    const auto entries = records.entries();
    return lay_out(to, with_keys, entries.size(), [&](std::size_t i, const auto& use) {
        const auto& e = entries[i];
        auto r = copy_of(from.slot_at(e.number));
        r.words[0] = e.word;
        use(e.home, r, with_keys ? from.key_of(e.number) : key_words{});
    });
}

}  // namespace xacthuc::inline v0_1
