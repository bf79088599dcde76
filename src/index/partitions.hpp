// SPDX-License-Identifier: Apache-2.0
// All partitions of an index while they change: which table each has, changing it, and replacing it when it is full.
//
//   directory   a word a partition: its table
//   irregular   32 flags and a count in each word: a partition whose flag is clear has the table at its original place,
//               so that readers need not look into the directory
//
// A table is replaced by freezing it (its change word says so, and nothing is decided for it any more), copying its
// live records into a new one, and swapping the directory's word; several may do so at once, and one wins. Tables are
// only ever freed as a whole, when every reader has left who may be in them. The original place of a partition, one of
// a regular array, is taken again as soon as it is free.
//
// A partition that is elsewhere has in the directory the word of a table that stands for all such: one line without an
// empty slot and without a record, so that who looks something up there neither finds it nor comes to an end, goes the
// slow way, and is told. Its flag is always set. A partition comes and goes by one swap of that word.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/record.hpp>

#include "index/epoch.hpp"
#include "index/lookup.hpp"
#include "index/protocol_steps.hpp"
#include "index/retired_tables.hpp"
#include "index/slot.hpp"
#include "index/table_changes.hpp"
#include "index/table_copy.hpp"

namespace xacthuc::inline v0_1 {

// Loads of lines. A table is replaced when more than used_max of its slots were ever live, by one that its live records
// fill to no more than kept_max of the original size, or to new_load of a larger one.
struct table_loads {
    [[nodiscard]] static constexpr std::uint64_t used_max(std::uint64_t line_count) noexcept {
        return std::max<std::uint64_t>(1, line_count * slots_per_line * 13 / 16);
    }
    [[nodiscard]] static constexpr std::uint64_t kept_max(std::uint64_t line_count) noexcept {
        return line_count * slots_per_line * 72 / 100;
    }
    // 0.62 of it, and always more than used_max() wants.
    [[nodiscard]] static constexpr std::uint64_t lines_for(std::uint64_t records) noexcept {
        return records * 50 / 62 + 1;
    }
    [[nodiscard]] static constexpr std::uint64_t lines_for(std::uint64_t records, std::uint64_t original) noexcept {
        return records <= kept_max(original) ? original : lines_for(records);
    }
};

// An upsert whose path is longer is refused: what is longer was built by who chose the ids. Tables filled to used_max()
// by any others have paths of some dozens of lines, and of a thousand in one of 10^20.
inline constexpr std::uint64_t path_lines_max = 1024;

// Original tables that readers find by arithmetic: those that lie, with so many lines, so many bytes from one
// partition's to the next one's. Others stay flagged for good.
struct regular_places {
    std::uint64_t first_lines = 0;  // the address of partition 0's
    std::uint64_t distance_bytes = 0;
    std::uint64_t line_count = 0;  // 0 when there are none

    [[nodiscard]] bool has(std::size_t partition, std::uint64_t original) const noexcept {
        const auto* const lines = reinterpret_cast<const void*>(first_lines + partition * distance_bytes);
        return line_count != 0 && table_word{lines, line_count}.bits() == original;
    }
};

struct wanted_change {
    enum class kind : std::uint8_t { upsert, erase, set_key };
    kind what = kind::upsert;
    std::uint64_t id = 0;
    record content{};  // of an upsert
    std::optional<key_words> key;
    std::optional<std::uint32_t> version;
    bool is_recorded = false;  // in a log already, and so made however long its path is
};
struct made_change {
    bool inserted = false;
    std::uint32_t version = 0;
};

// Whether version `a` comes after `b`, by serial-number arithmetic on 20 bits. Source: RFC 1982.
[[nodiscard]] constexpr bool is_newer(std::uint32_t a, std::uint32_t b) noexcept {
    const auto ahead = (a - b) & (layout::version.mask() >> layout::version.offset);
    return ahead != 0 && ahead < std::uint64_t{1} << (layout::version.width - 1);
}

// `Policy` has: Word; Memory (see retired_tables); Epoch; Steps; partition(hash); placement(id, seed);
// look_home_every (a power of two).
template <class Policy>
class partitions {
  public:
    using Word = typename Policy::Word;
    using Memory = typename Policy::Memory;
    using Steps = typename Policy::Steps;
    using Epoch = typename Policy::Epoch;
    using table = basic_table<Word>;
    using changes = table_changes<Word, Steps>;

    struct parts {
        std::span<Word> directory;
        std::span<Word> irregular;
        std::span<const std::uint64_t> original;  // a table word a partition, 0 where it has no original place
        std::uint64_t placement_seed = 0;
        regular_places regular{};
        bool with_keys = false;
        std::uint64_t retired_bytes_max = 0;
        std::uint64_t elsewhere = 0;                     // the table word of partitions that are not here
        std::atomic<std::uint64_t>* citizens = nullptr;  // counted by the swap that makes a record live or erased
    };

    partitions(const parts& with, Epoch& readers) noexcept : with_{with}, readers_{readers} {}
    partitions(const partitions&) = delete;
    partitions& operator=(const partitions&) = delete;
    // Requires: nobody else is left.
    ~partitions() {
        for (std::size_t p = 0; p < with_.directory.size(); ++p)
            if (const auto now = table_of(p); !is_original(p, now) && !is_elsewhere(now))
                Memory::free(block_of(now), size_of(now));
    }

    // Makes of a table of one line, all zeros, the one that stands for partitions elsewhere.
    static void stand_for_elsewhere(table t) noexcept {
        for (std::uint64_t number = 0; number < t.slot_count(); ++number)
            t.slot_at(number).words[0].store(layout::state.put(elsewhere_state), std::memory_order_relaxed);
    }
    [[nodiscard]] bool is_elsewhere(table t) const noexcept { return t.word().bits() == with_.elsewhere; }

    [[nodiscard]] std::uint64_t hash(std::uint64_t id) const noexcept {
        return Policy::placement(id, with_.placement_seed);
    }
    // Sequentially consistent, with the announcement of a reader and the swap of a table: see epoch.hpp.
    [[nodiscard]] table table_of(std::size_t partition) const noexcept {
        return table{table_word{with_.directory[partition].load(Steps::finding_a_table)}};
    }
    [[nodiscard]] static bool is_flagged(std::span<const Word> irregular, std::size_t partition) noexcept {
        return (irregular[partition / 32].load(Steps::finding_a_table) >> partition % 32 & 1) != 0;
    }

    // Makes one change. Requires: the caller is inside an epoch. Concurrency: lock-free.
    [[nodiscard]] result<made_change> make(const wanted_change& wanted);

    // Replaces a partition's table by one with what `fill` lays out: fill(table) -> bool, false when it lacks memory.
    // Requires: as make(). Concurrency: lock-free.
    template <class Fill>
    [[nodiscard]] result<void> replace(std::size_t partition, std::size_t records, const Fill& fill);

    // Brings in a partition that is elsewhere, with what `fill` lays out: readers find it elsewhere, or whole.
    // Requires: as make(). Errors: already_exists; those of replace(). Concurrency: lock-free.
    template <class Fill>
    [[nodiscard]] result<void> add(std::size_t partition, std::size_t records, const Fill& fill);
    // From now on it is elsewhere. Requires: as make(). Errors: partition_elsewhere. Concurrency: lock-free.
    [[nodiscard]] result<void> drop(std::size_t partition);

    // Returns what use(table, live list) does with a list that is what the partition holds at one moment during the
    // call; it may be called several times. Requires: as make(). Errors: out_of_memory. Concurrency: lock-free.
    template <class Use>
    [[nodiscard]] result<void> observe(std::size_t partition, const Use& use);

    // What replaced tables and tables away from their original place hold, in bytes.
    [[nodiscard]] std::uint64_t allocated_bytes() const noexcept {
        return allocated_bytes_.load(std::memory_order_relaxed) + retired_.bytes();
    }
    void reclaim() noexcept {
        retired_.free_before(Steps::waits_for_readers ? readers_.oldest_entered() : readers_.current());
    }

  private:
    // A state that no slot gets into: what looks like it is damage, except in the table that stands for elsewhere.
    static constexpr std::uint64_t elsewhere_state = 5;

    struct destination {
        table to;
        bool is_original;
    };

    [[nodiscard]] static std::byte* block_of(table t) noexcept { return reinterpret_cast<std::byte*>(&t.head()); }
    [[nodiscard]] std::size_t size_of(table t) const noexcept { return block_bytes(t.line_count(), with_.with_keys); }
    [[nodiscard]] bool is_original(std::size_t p, table t) const noexcept {
        return t.word().bits() == with_.original[p];
    }
    [[nodiscard]] changes changes_of(table t) const noexcept { return {t, with_.with_keys}; }

    void count(std::int64_t rise) const noexcept {
        if (rise != 0) with_.citizens->fetch_add(static_cast<std::uint64_t>(rise), std::memory_order_relaxed);
    }
    // Whether a slot of a frozen table was counted as a citizen. A flipped bit in the state of a live slot leaves a
    // state that no slot can have otherwise.
    [[nodiscard]] static bool was_live(const record& r) noexcept {
        const auto state = slot_word::state_of(r.words[0]);
        if (state == slot_state::free) return r.words[0] != slot_word::free_word;
        return state == slot_state::live || layout::state.get(r.words[0]) == 5 || layout::state.get(r.words[0]) == 6;
    }

    [[nodiscard]] static result<std::uint32_t> next_version(const wanted_change& wanted,
                                                            const typename changes::holder& held) noexcept;
    [[nodiscard]] record next_content(const wanted_change& wanted, table in, const typename changes::holder& held,
                                      std::uint32_t version) const noexcept;
    [[nodiscard]] key_words next_key(const wanted_change& wanted, table in,
                                     const typename changes::holder& held) const noexcept;
    void freeze(table t);
    [[nodiscard]] static std::int64_t citizens_of(table frozen) noexcept;
    [[nodiscard]] result<void> replace_frozen(std::size_t partition, table old);
    [[nodiscard]] bool can_go_home(std::size_t partition, table now, change_word last) const;
    [[nodiscard]] bool take_original(std::size_t partition, table now);
    [[nodiscard]] result<destination> take_place(std::size_t partition, table now, std::uint64_t records);
    void give_back(const destination& place);
    [[nodiscard]] bool swap(std::size_t partition, table old, const destination& place);
    void retire(std::size_t partition, table old, std::uint64_t in_epoch);
    void flag(std::size_t partition);
    void settle(std::size_t partition, table now);

    parts with_;
    Epoch& readers_;
    retired_tables<Word, Memory, Steps> retired_;
    std::atomic<std::uint64_t> allocated_bytes_{0};
};

template <class Policy>
result<made_change> partitions<Policy>::make(const wanted_change& wanted) {
    const auto at = hash(wanted.id);
    const auto partition = Policy::partition(at);
    claimed_slot<Word> mine;
    bool is_refreshed = false;
    for (;;) {
        const auto in = table_of(partition);
        if (is_elsewhere(in) && Steps::refuses_elsewhere) return errc::partition_elsewhere;
        const auto on = changes_of(in);
        auto last = on.last();
        if (last.kind() == table_change_kind::frozen && Steps::respects_freezing) {
            if (const auto done = replace_frozen(partition, in); !done) return done.error();
            is_refreshed = true;
            continue;
        }
        if (Steps::helps_before_scanning) count(on.help(last));
        if (is_original(partition, in)) {
            settle(partition, in);
        } else if (can_go_home(partition, in, last)) {
            on.freeze(last);
            continue;
        }
        const auto held = on.scan(at, wanted.id);
        if (held.path_lines > path_lines_max && wanted.what == wanted_change::kind::upsert && !wanted.is_recorded) {
            // A new table leaves out what was replaced and erased, and has shorter paths if anything has.
            if (!is_refreshed && last.kind() != table_change_kind::none) {
                on.freeze(last);
                continue;
            }
            on.give_up(mine);
            return errc::path_too_long;
        }
        const auto version = next_version(wanted, held);
        if (!version) {
            // What was found is true only if nothing was decided while it was looked for.
            if (Steps::confirms_refusals && !on.last().is_same_change(last)) continue;
            on.give_up(mine);
            return version.error();
        }
        change_word next;
        if (wanted.what == wanted_change::kind::erase) {
            next = change_word::make(table_change_kind::erase, *version, held.number, on.used(last));
        } else {
            if (on.used(last) >= table_loads::used_max(in.line_count()) || !on.claim(at, wanted.id, held.room, mine)) {
                if (Steps::freezes_before_copying)
                    on.freeze(last);
                else if (const auto done = replace_frozen(partition, in); !done)
                    return done.error();
                continue;
            }
            const auto links = held.is_there && (held.is_live() || Steps::revives_in_chain);
            next = change_word::make(links ? table_change_kind::replace : table_change_kind::insert, mine.number,
                                     held.number, on.used(last) + 1);
            if (Steps::fills_before_deciding)
                on.fill(mine, next_content(wanted, in, held, *version), next_key(wanted, in, held));
        }
        if (!on.decide(last, next)) continue;
        if (!Steps::fills_before_deciding && wanted.what != wanted_change::kind::erase)
            on.fill(mine, next_content(wanted, in, held, *version), next_key(wanted, in, held));
        count(on.help(next));
        return made_change{!held.is_live(), *version};
    }
}

template <class Policy>
result<std::uint32_t> partitions<Policy>::next_version(const wanted_change& wanted,
                                                       const typename changes::holder& held) noexcept {
    constexpr auto mask = static_cast<std::uint32_t>(layout::version.mask() >> layout::version.offset);
    const auto version = wanted.version.value_or(held.is_there ? held.version() + 1 : 0) & mask;
    if (held.is_there && !is_newer(version, held.version())) return errc::change_is_older;
    if (wanted.what != wanted_change::kind::upsert && !held.is_live()) return errc::citizen_unknown;
    return version;
}

template <class Policy>
record partitions<Policy>::next_content(const wanted_change& wanted, table in, const typename changes::holder& held,
                                        std::uint32_t version) const noexcept {
    auto next = wanted.what == wanted_change::kind::upsert ? wanted.content : copy_of(in.slot_at(held.number));
    next.words[0] = slot_word::live_identity(wanted.id) | layout::version.put(version);
    return with_integrity(next);
}

template <class Policy>
key_words partitions<Policy>::next_key(const wanted_change& wanted, table in,
                                       const typename changes::holder& held) const noexcept {
    if (wanted.key) return *wanted.key;
    return with_.with_keys && held.is_live() ? in.key_of(held.number) : key_words{};
}

template <class Policy>
bool partitions<Policy>::can_go_home(std::size_t partition, table now, change_word last) const {
    // Looking costs a look at every reader's place, so it is not done at every change.
    if ((changes_of(now).used(last) & (Policy::look_home_every - 1)) != 0 || with_.original[partition] == 0)
        return false;
    const table original{table_word{with_.original[partition]}};
    if (now.head().live_count >= table_loads::kept_max(original.line_count())) return false;
    const auto retired = original.place().load(std::memory_order_relaxed);
    return retired != 0 && readers_.oldest_entered() > retired - 1;
}

template <class Policy>
bool partitions<Policy>::take_original(std::size_t partition, table now) {
    const table original{table_word{with_.original[partition]}};
    if (original == now || original.line_count() == 0) return false;
    auto retired = original.place().load(std::memory_order_relaxed);
    if (retired == 0 || (Steps::waits_for_readers && readers_.oldest_entered() <= retired - 1)) return false;
    // Acquire pairs with the release in give_back(): what its giver wrote comes before what we write.
    if (!original.place().compare_exchange_strong(retired, 0, Steps::taking_a_place, std::memory_order_relaxed))
        return false;
    const auto none = std::array<std::uint64_t, 4>{};
    const table_filler<Word> filler{original, with_.with_keys};
    for (std::uint64_t number = 0; number < original.slot_count(); ++number) filler.put(number, {none}, none);
    original.change().store(0, std::memory_order_relaxed);
    return true;
}

template <class Policy>
auto partitions<Policy>::take_place(std::size_t partition, table now, std::uint64_t records) -> result<destination> {
    const table original{table_word{with_.original[partition]}};
    reclaim();
    if (records <= table_loads::kept_max(original.line_count()) && take_original(partition, now))
        return destination{original, true};
    const auto line_count = table_loads::lines_for(records, original.line_count());
    if (line_count > table_word::line_count_max) return errc::index_full;
    const auto size = block_bytes(line_count, with_.with_keys);
    if (retired_.bytes() + size > with_.retired_bytes_max) return errc::reclamation_stalled;
    auto* const block = Memory::allocate(size);
    if (block == nullptr) return errc::out_of_memory;
    allocated_bytes_.fetch_add(size, std::memory_order_relaxed);
    block_head head;
    head.partition = static_cast<std::uint32_t>(partition);
    head.line_count = static_cast<std::uint32_t>(line_count);
    head.key_bytes = with_.with_keys ? sizeof(key_words) : 0;
    *reinterpret_cast<block_head*>(block) = head;
    return destination{table{table_word{block + sizeof(block_head), line_count}}, false};
}

template <class Policy>
void partitions<Policy>::give_back(const destination& place) {
    if (is_elsewhere(place.to)) return;
    if (place.is_original) {
        // Nobody has seen what was put there: free as of epoch 0. Release pairs with take_original().
        place.to.place().store(1, Steps::giving_back);
        return;
    }
    allocated_bytes_.fetch_sub(size_of(place.to), std::memory_order_relaxed);
    Memory::free(block_of(place.to), size_of(place.to));
}

template <class Policy>
bool partitions<Policy>::swap(std::size_t partition, table old, const destination& place) {
    // Readers who find the flag clear after the swap would still read the old table.
    if (!place.is_original && Steps::flags_before_swapping) flag(partition);
    const auto stamp = Steps::stamps_after_swapping ? 0 : readers_.advance() - 1;
    auto expected = old.word().bits();
    bool won = true;
    if (Steps::swaps_by_comparing)
        won = with_.directory[partition].compare_exchange_strong(expected, place.to.word().bits(), Steps::swapping);
    else
        with_.directory[partition].store(place.to.word().bits(), Steps::swapping);
    if (!won) {
        give_back(place);
        return false;
    }
    if (!place.is_original && !Steps::flags_before_swapping) flag(partition);
    retire(partition, old, Steps::stamps_after_swapping ? readers_.advance() - 1 : stamp);
    if (place.is_original) settle(partition, place.to);
    return true;
}

template <class Policy>
void partitions<Policy>::retire(std::size_t partition, table old, std::uint64_t in_epoch) {
    if (is_elsewhere(old) && Steps::keeps_what_is_nobodys) return;
    if (is_original(partition, old)) {
        // Relaxed: who takes the place has read the epoch that our advance() began, and acquires by that what was done
        // with the table before.
        old.place().store(in_epoch + 1, Steps::retiring_a_place);
        return;
    }
    allocated_bytes_.fetch_sub(size_of(old), std::memory_order_relaxed);
    retired_.add(block_of(old), size_of(old), in_epoch);
}

template <class Policy>
result<void> partitions<Policy>::replace_frozen(std::size_t partition, table old) {
    live_list records;
    if (!records.gather(old, [&](std::uint64_t id) { return hash(id); })) return errc::out_of_memory;
    // A record whose id has a flipped bit would be put where nobody looks for it. As it is, look-ups notice.
    if (records.is_damaged()) return errc::damaged_record;
    const auto place = take_place(partition, old, records.entries().size() + 1);
    if (!place) return place.error();
    if (!lay_out(place->to, with_.with_keys, records, old)) {
        give_back(*place);
        return errc::out_of_memory;
    }
    static_cast<void>(swap(partition, old, *place));
    return {};
}

template <class Policy>
template <class Fill>
result<void> partitions<Policy>::replace(std::size_t partition, std::size_t records, const Fill& fill) {
    for (;;) {
        const auto old = table_of(partition);
        if (is_elsewhere(old)) return errc::partition_elsewhere;
        freeze(old);
        const auto place = take_place(partition, old, records + 1);
        if (!place) return place.error();
        if (!fill(place->to)) {
            give_back(*place);
            return errc::out_of_memory;
        }
        const auto rise = static_cast<std::int64_t>(records) - citizens_of(old);
        if (!swap(partition, old, *place)) continue;
        count(rise);
        return {};
    }
}

template <class Policy>
void partitions<Policy>::freeze(table t) {
    const auto on = changes_of(t);
    for (auto last = on.last(); last.kind() != table_change_kind::frozen; last = on.last()) {
        count(on.help(last));
        on.freeze(last);
    }
}

template <class Policy>
std::int64_t partitions<Policy>::citizens_of(table frozen) noexcept {
    std::int64_t citizens = 0;
    for (std::uint64_t number = 0; number < frozen.slot_count(); ++number)
        citizens += was_live(copy_of(frozen.slot_at(number))) ? 1 : 0;
    return citizens;
}

template <class Policy>
template <class Fill>
result<void> partitions<Policy>::add(std::size_t partition, std::size_t records, const Fill& fill) {
    const auto none = table_of(partition);
    if (!is_elsewhere(none)) return errc::already_exists;
    const auto place = take_place(partition, none, records + 1);
    if (!place) return place.error();
    if (!fill(place->to)) {
        give_back(*place);
        return errc::out_of_memory;
    }
    // Before they can be erased, so that the number of citizens never falls below 0.
    count(static_cast<std::int64_t>(records));
    if (swap(partition, none, *place)) return {};
    // Somebody else brought it in.
    count(-static_cast<std::int64_t>(records));
    return errc::already_exists;
}

template <class Policy>
result<void> partitions<Policy>::drop(std::size_t partition) {
    for (;;) {
        const auto old = table_of(partition);
        if (is_elsewhere(old)) return errc::partition_elsewhere;
        if (Steps::freezes_before_dropping) freeze(old);
        const auto citizens = citizens_of(old);
        if (!swap(partition, old, {table{table_word{with_.elsewhere}}, false})) continue;
        count(-citizens);
        return {};
    }
}

template <class Policy>
template <class Use>
result<void> partitions<Policy>::observe(std::size_t partition, const Use& use) {
    constexpr int tries = 3;
    for (int attempt = 0;; ++attempt) {
        const auto in = table_of(partition);
        if (is_elsewhere(in)) return errc::partition_elsewhere;
        const auto on = changes_of(in);
        auto last = on.last();
        // After some tries the table is frozen: then it holds still for certain, and the next writer replaces it.
        if (last.kind() != table_change_kind::frozen && attempt >= tries) {
            count(on.help(last));
            on.freeze(last);
            continue;
        }
        count(on.help(last));
        live_list records;
        if (!records.gather(in, [&](std::uint64_t id) { return hash(id); })) return errc::out_of_memory;
        const result<void> used = use(in, records);
        if (last.kind() == table_change_kind::frozen || on.last().is_same_change(last)) return used;
    }
}

template <class Policy>
void partitions<Policy>::flag(std::size_t partition) {
    auto& word = with_.irregular[partition / 32];
    const auto bit = std::uint64_t{1} << partition % 32;
    const auto step = Steps::bumps_flag_version ? std::uint64_t{1} << 32 : 0;
    // Counted even where the flag is set already: a settle() that began before must not clear it.
    // Sequentially consistent, before the swap: a reader inside an epoch who finds the flag clear came before the swap.
    auto now = word.load(std::memory_order_relaxed);
    while (!word.compare_exchange_strong(now, (now | bit) + step, Steps::flagging)) {
    }
}

// Clears the flag of a partition whose table is at its original place, if that is a regular one.
template <class Policy>
void partitions<Policy>::settle(std::size_t partition, table now) {
    if (!with_.regular.has(partition, with_.original[partition])) return;
    auto& word = with_.irregular[partition / 32];
    const auto bit = std::uint64_t{1} << partition % 32;
    // Acquire pairs with flag(): when this is the flag that a replacement of this table set, the table is seen frozen.
    auto flags = word.load(Steps::checking_flags);
    if ((flags & bit) == 0) return;
    if (Steps::settles_only_unfrozen && changes_of(now).last().kind() == table_change_kind::frozen) return;
    // A replacement that froze the table after we looked has counted the word up, and we fail. Release pairs with the
    // loads of readers, who then find the table's lines filled.
    static_cast<void>(word.compare_exchange_strong(flags, flags & ~bit, Steps::clearing, std::memory_order_relaxed));
}

}  // namespace xacthuc::inline v0_1
