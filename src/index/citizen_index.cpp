// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>
#include <xacthuc/index/citizen_index.hpp>

#include "domain/contract.hpp"
#include "index/block_plan.hpp"
#include "index/index_view.hpp"
#include "index/lookup.hpp"
#include "index/partitions.hpp"
#include "index/placement.hpp"
#include "index/slot.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Replaced tables that readers still hold may take this much, or a sixteenth of the register where that is more.
constexpr std::uint64_t retired_bytes_least = std::uint64_t{64} << 20;

struct table_memory {
    [[nodiscard]] static std::byte* allocate(std::size_t size_bytes) noexcept {
        auto* const block = ::operator new (size_bytes, std::align_val_t{sizeof(line)}, std::nothrow);
        if (block != nullptr) std::memset(block, 0, size_bytes);
        return static_cast<std::byte*>(block);
    }
    static void free(std::byte* block, std::size_t) noexcept {
        ::operator delete (block, std::align_val_t{sizeof(line)});
    }
};

struct live_policy {
    using Word = std::atomic<std::uint64_t>;
    using Memory = table_memory;
    using Epoch = epoch;
    using Steps = sound_steps;
    static constexpr std::uint64_t look_home_every = 16;
    [[nodiscard]] static std::size_t partition(std::uint64_t hash) noexcept { return partition_of(hash); }
    [[nodiscard]] static std::uint64_t placement(std::uint64_t id, std::uint64_t seed) noexcept {
        return placement_hash_inline(id, seed);
    }
};

[[nodiscard]] key_words words_of(const public_key& key) noexcept {
    key_words words;
    std::memcpy(words.data(), &key, sizeof words);
    return words;
}

void require_partition(const char* call, std::size_t partition) {
    contract::within(call, "partition", partition, 0, partition_count);
}

void require_sizes(const char* call, std::size_t partition, std::span<const record> records,
                   std::span<const public_key> keys) {
    require_partition(call, partition);
    if (keys.empty()) return;
    contract::as_many(call, {keys.size(), "keys"}, {records.size(), "records"});
}

[[nodiscard]] failure in_partition(boost::system::error_code code, std::size_t partition) {
    return {code, "partition " + std::to_string(partition)};
}

}  // namespace

struct citizen_index::state {
    index_facts facts;
    huge_pages blocks;
    huge_pages directory_memory;
    std::span<std::atomic<std::uint64_t>> directory;
    std::array<std::uint64_t, partition_count> original{};
    index_view::regular_blocks regular;
    std::array<std::atomic<std::uint64_t>, partition_count / 32> irregular{};
    std::atomic<std::uint64_t> citizens{0};
    std::atomic<std::uint64_t> sequence{0};
    std::atomic<std::int64_t> as_of_unix_ms{0};
    epoch readers;
    struct alignas(sizeof(line)) {
        block_head head;
        line only;
    } elsewhere{};  // stands for every partition that is not here
    std::optional<partitions<live_policy>> live;

    // Makes room for the directory. Errors: out_of_memory.
    [[nodiscard]] detailed_result<void> begin(const index_facts& with);
    // Requires: the directory is filled in.
    void make_live();
    // Where most blocks lie, and flags for the others.
    void find_regularity(const block_offsets& offsets) noexcept;
    [[nodiscard]] table table_of(std::size_t partition) const noexcept { return live->table_of(partition); }
    // Hands put(fill) what lays these records out.
    template <class Put>
    [[nodiscard]] detailed_result<void> put_partition(std::size_t partition, std::span<const record> records,
                                                      std::span<const public_key> keys, const Put& put);
    [[nodiscard]] result<change_result> make(const wanted_change& wanted) noexcept {
        const auto inside = readers.enter();
        const auto made = live->make(wanted);
        if (!made) return made.error();
        return change_result{made->inserted, made->version};
    }
};

void citizen_index::state::find_regularity(const block_offsets& offsets) noexcept {
    struct place {
        std::uint64_t line_count;
        std::uint64_t first_offset;  // where partition 0 lies if all are like this one
        bool operator==(const place&) const = default;
    };
    const auto place_of = [&](std::size_t p) {
        const auto line_count = table_word{original[p]}.line_count();
        return place{line_count, offsets[p] - p * block_bytes(line_count, facts.with_keys)};
    };
    const auto usual = majority(partition_count, place_of);
    // Blocks smaller than the usual one may lead to before the beginning: then all are looked up.
    const bool is_inside = usual.first_offset < blocks.size();
    regular = {blocks.data() + (is_inside ? usual.first_offset : 0) + sizeof(block_head),
               block_bytes(usual.line_count, facts.with_keys), usual.line_count, irregular.data()};
    for (std::size_t p = 0; p < partition_count; ++p)
        if (!is_inside || place_of(p) != usual)
            irregular[p / 32].fetch_or(std::uint64_t{1} << p % 32, std::memory_order_relaxed);
}

template <class Put>
detailed_result<void> citizen_index::state::put_partition(std::size_t partition, std::span<const record> records,
                                                          std::span<const public_key> keys, const Put& put) {
    if (facts.read_only) return in_partition(errc::read_only, partition);
    if (!keys.empty() && !facts.with_keys) return in_partition(errc::no_key_column, partition);
    const auto inside = readers.enter();
    const auto done = put([&](table to) {
        return lay_out(to, facts.with_keys, records.size(), [&](std::size_t i, const auto& use) {
            auto r = records[i];
            const auto id = layout::id.get(r.words[0]);
            r.words[0] = slot_word::live_identity(id) | layout::version.put(layout::version.get(r.words[0]));
            key_words key{};
            if (!keys.empty()) std::memcpy(key.data(), &keys[i], sizeof key);
            use(static_cast<std::uint32_t>(live->hash(id)), r, key);
        });
    });
    if (!done) return in_partition(done.error(), partition);
    return {};
}

citizen_index::citizen_index(std::unique_ptr<state> s) noexcept : state_{std::move(s)} {}
citizen_index::citizen_index(citizen_index&&) noexcept = default;
citizen_index& citizen_index::operator=(citizen_index&&) noexcept = default;
citizen_index::~citizen_index() = default;

detailed_result<void> citizen_index::state::begin(const index_facts& with) {
    auto room = huge_pages::allocate(partition_count * sizeof(std::uint64_t));
    if (!room) return room.error();
    facts = with;
    directory_memory = std::move(*room);
    directory = {new (directory_memory.data()) std::atomic<std::uint64_t>[partition_count], partition_count};
    citizens.store(facts.citizens, std::memory_order_relaxed);
    sequence.store(facts.as_of.sequence, std::memory_order_relaxed);
    as_of_unix_ms.store(facts.as_of.as_of_unix_ms, std::memory_order_relaxed);
    return {};
}

void citizen_index::state::make_live() {
    const table_word nowhere{&elsewhere.only, 1};
    partitions<live_policy>::stand_for_elsewhere(table{nowhere});
    const regular_places places{reinterpret_cast<std::uintptr_t>(regular.first_lines), regular.distance_bytes,
                                regular.line_count};
    live.emplace(partitions<live_policy>::parts{.directory = directory,
                                                .irregular = irregular,
                                                .original = original,
                                                .placement_seed = facts.placement_seed,
                                                .regular = places,
                                                .with_keys = facts.with_keys,
                                                .retired_bytes_max =
                                                    std::max<std::uint64_t>(retired_bytes_least, blocks.size() / 16),
                                                .elsewhere = nowhere.bits(),
                                                .citizens = &citizens},
                 readers);
}

detailed_result<citizen_index> citizen_index::without_partitions(const index_facts& facts) {
    auto s = std::make_unique<state>();
    auto none = facts;
    none.citizens = 0;
    if (auto done = s->begin(none); !done) return done.error();
    s->regular.irregular = s->irregular.data();
    for (auto& flags : s->irregular) flags.store(0xffff'ffff, std::memory_order_relaxed);
    for (auto& word : s->directory) word.store(table_word{&s->elsewhere.only, 1}.bits(), std::memory_order_relaxed);
    s->make_live();
    return citizen_index{std::move(s)};
}

detailed_result<citizen_index> citizen_index::from_blocks(const index_facts& facts, huge_pages memory,
                                                          const block_offsets& offsets) {
    constexpr auto* call = "citizen_index::from_blocks";
    auto s = std::make_unique<state>();
    if (auto done = s->begin(facts); !done) return done.error();
    s->blocks = std::move(memory);
    for (std::size_t p = 0; p < partition_count; ++p) {
        const auto* const begin = s->blocks.data() + offsets[p];
        const auto room = offsets[p] <= s->blocks.size() ? s->blocks.size() - offsets[p] : 0;
        block_head head;
        contract::room_for(call, {room, "bytes from an offset on"}, {sizeof head, "of a block's head"});
        std::memcpy(&head, begin, sizeof head);
        contract::room_for(call, {room, "bytes from an offset on"},
                           {block_bytes(head.line_count, facts.with_keys), "of its block"});
        s->original[p] = table_word{begin + sizeof head, head.line_count}.bits();
        s->directory[p].store(s->original[p], std::memory_order_relaxed);
    }
    s->find_regularity(offsets);
    s->make_live();
    return citizen_index{std::move(s)};
}

std::uint64_t citizen_index::citizens() const noexcept {
    return state_->citizens.load(std::memory_order_relaxed);
}

freshness citizen_index::as_of() const noexcept {
    // The sequence first and with acquire: it pairs with the release in set_as_of(), so the time is at least as new.
    const auto sequence = state_->sequence.load(std::memory_order_acquire);
    return {sequence, state_->as_of_unix_ms.load(std::memory_order_relaxed)};
}

void citizen_index::set_as_of(freshness as_of) noexcept {
    state_->as_of_unix_ms.store(as_of.as_of_unix_ms, std::memory_order_relaxed);
    state_->sequence.store(as_of.sequence, std::memory_order_release);  // pairs with as_of()
}

index_facts citizen_index::facts() const noexcept {
    auto facts = state_->facts;
    facts.citizens = citizens();
    facts.as_of = as_of();
    return facts;
}

std::size_t citizen_index::memory_bytes() const noexcept {
    return state_->blocks.size() + state_->directory_memory.size() + sizeof(state) + state_->live->allocated_bytes();
}

result<std::optional<record>> citizen_index::find(personal_id id) const noexcept {
    const auto inside = state_->readers.enter();
    const auto hash = state_->live->hash(id.value());
    const auto partition = partition_of(hash);
    const auto in = state_->table_of(partition);
    if (state_->live->is_elsewhere(in)) return errc::partition_elsewhere;
    const auto found = locate(in, hash, id.value(), belongs_to{partition, state_->facts.placement_seed});
    if (found.is == located::outcome::damaged) return errc::damaged_record;
    if (found.is == located::outcome::absent) return std::optional<record>{};
    auto copy = found.copy;
    copy.words[0] &= ~layout::closed.mask();
    return std::optional{copy};
}

bool citizen_index::find_key(personal_id id, public_key& key) const noexcept {
    if (!state_->facts.with_keys) return false;
    const auto inside = state_->readers.enter();
    const auto hash = state_->live->hash(id.value());
    const auto partition = partition_of(hash);
    const auto in = state_->table_of(partition);
    if (state_->live->is_elsewhere(in)) return false;
    const auto found = locate(in, hash, id.value(), belongs_to{partition, state_->facts.placement_seed});
    if (found.is != located::outcome::found) return false;
    const auto words = in.key_of(found.number);
    std::memcpy(key.bytes.data(), words.data(), sizeof words);
    return words != key_words{};
}

result<citizen_index::change_result> citizen_index::upsert(const record& r, const std::optional<public_key>& key,
                                                           std::optional<std::uint32_t> version) noexcept {
    if (state_->facts.read_only) return errc::read_only;
    if (key && !state_->facts.with_keys) return errc::no_key_column;
    const auto words = key ? std::optional{words_of(*key)} : std::nullopt;
    return state_->make({wanted_change::kind::upsert, layout::id.get(r.words[0]), r, words, version});
}

result<citizen_index::change_result> citizen_index::upsert_recorded(const record& r,
                                                                    const std::optional<public_key>& key) noexcept {
    if (state_->facts.read_only) return errc::read_only;
    if (key && !state_->facts.with_keys) return errc::no_key_column;
    const auto words = key ? std::optional{words_of(*key)} : std::nullopt;
    return state_->make({wanted_change::kind::upsert, layout::id.get(r.words[0]), r, words, std::nullopt, true});
}

result<void> citizen_index::check_path(personal_id id) const noexcept {
    const auto inside = state_->readers.enter();
    const auto hash = state_->live->hash(id.value());
    const auto wanted = slot_word::live_identity(id.value());
    std::uint64_t slots = 0;
    const auto in = state_->table_of(partition_of(hash));
    if (state_->live->is_elsewhere(in)) return errc::partition_elsewhere;
    const bool is_there = walk(in, hash, [&](std::uint64_t, const slot& s) {
        ++slots;
        return ((s.words[0].load(std::memory_order_relaxed) ^ wanted) & slot_word::identity_mask) == 0;
    });
    if (!is_there && slots > path_lines_max * slots_per_line) return errc::path_too_long;
    return {};
}

result<citizen_index::change_result> citizen_index::erase(personal_id id,
                                                          std::optional<std::uint32_t> version) noexcept {
    if (state_->facts.read_only) return errc::read_only;
    return state_->make({wanted_change::kind::erase, id.value(), {}, std::nullopt, version});
}

result<citizen_index::change_result> citizen_index::set_key(personal_id id, const public_key& key,
                                                            std::optional<std::uint32_t> version) noexcept {
    if (state_->facts.read_only) return errc::read_only;
    if (!state_->facts.with_keys) return errc::no_key_column;
    return state_->make({wanted_change::kind::set_key, id.value(), {}, words_of(key), version});
}

void citizen_index::prefetch(personal_id id) const noexcept {
    const auto hash = state_->live->hash(id.value());
    const auto in = state_->table_of(partition_of(hash));
    __builtin_prefetch(in.lines() + in.home(hash), 1);
    __builtin_prefetch(&in.change(), 1);
    if (state_->facts.with_keys) __builtin_prefetch(in.key_at(in.home(hash) * slots_per_line), 1);
}

detailed_result<void> citizen_index::copy_block(std::size_t partition, std::vector<std::byte>& to) const {
    require_partition("citizen_index::copy_block", partition);
    const bool with_keys = state_->facts.with_keys;
    const auto inside = state_->readers.enter();
    const auto copied = state_->live->observe(partition, [&](table from, live_list& records) -> result<void> {
        if (records.is_damaged()) return errc::damaged_record;
        const auto size = block_bytes(from.line_count(), with_keys);
        const std::unique_ptr<std::byte, void (*)(std::byte*)> block{table_memory::allocate(size),
                                                                     [](std::byte* b) { table_memory::free(b, 0); }};
        if (!block) return errc::out_of_memory;
        const table copy{table_word{block.get() + sizeof(block_head), from.line_count()}};
        records.sort();
        if (!lay_out(copy, with_keys, records, from)) return errc::out_of_memory;
        block_head head;
        head.partition = static_cast<std::uint32_t>(partition);
        head.line_count = static_cast<std::uint32_t>(from.line_count());
        head.live_count = static_cast<std::uint32_t>(records.entries().size());
        head.key_bytes = with_keys ? public_key_bytes : 0;
        copy.head() = head;
        to.assign(block.get(), block.get() + size);
        return {};
    });
    if (!copied) return in_partition(copied.error(), partition);
    return {};
}

detailed_result<void> citizen_index::rebuild_partition(std::size_t partition, std::span<const record> records,
                                                       std::span<const public_key> keys) {
    require_sizes("citizen_index::rebuild_partition", partition, records, keys);
    return state_->put_partition(partition, records, keys, [&](const auto& fill) {
        return state_->live->replace(partition, records.size(), fill);
    });
}

detailed_result<void> citizen_index::add_partition(std::size_t partition, std::span<const record> records,
                                                   std::span<const public_key> keys) {
    require_sizes("citizen_index::add_partition", partition, records, keys);
    return state_->put_partition(partition, records, keys,
                                 [&](const auto& fill) { return state_->live->add(partition, records.size(), fill); });
}

detailed_result<void> citizen_index::drop_partition(std::size_t partition) {
    require_partition("citizen_index::drop_partition", partition);
    if (state_->facts.read_only) return in_partition(errc::read_only, partition);
    {
        const auto inside = state_->readers.enter();
        if (const auto done = state_->live->drop(partition); !done) return in_partition(done.error(), partition);
    }
    state_->live->reclaim();
    return {};
}

bool citizen_index::has_partition(std::size_t partition) const noexcept {
    require_partition("citizen_index::has_partition", partition);
    return !state_->live->is_elsewhere(state_->table_of(partition));
}

std::span<const std::byte> citizen_index::block(std::size_t partition) const noexcept {
    require_partition("citizen_index::block", partition);
    const auto in = state_->table_of(partition);
    return {reinterpret_cast<const std::byte*>(&in.head()), block_bytes(in.line_count(), state_->facts.with_keys)};
}

epoch::guard index_view::enter() const noexcept {
    return index_->state_->readers.enter();
}
const std::atomic<std::uint64_t>* index_view::directory() const noexcept {
    return index_->state_->directory.data();
}
index_view::regular_blocks index_view::regular() const noexcept {
    return index_->state_->regular;
}
bool index_view::is_elsewhere(table_word of) const noexcept {
    return index_->state_->live->is_elsewhere(table{of});
}
std::uint64_t citizen_index::placement_seed() const noexcept {
    return state_->facts.placement_seed;
}

citizen_index::scrub_report citizen_index::scrub(std::size_t first_partition, std::size_t partitions) const noexcept {
    scrub_report report;
    contract::within("citizen_index::scrub", "first partition", first_partition, 0, partition_count + 1);
    const auto end = first_partition + std::min(partitions, partition_count - first_partition);
    for (auto p = first_partition; p < end; ++p) {
        // Entered for each partition, so that a long scrub holds nothing back.
        const auto inside = state_->readers.enter();
        const auto in = state_->table_of(p);
        if (state_->live->is_elsewhere(in)) continue;
        for (std::uint64_t number = 0; number < in.slot_count(); ++number) {
            const auto r = copy_of(in.slot_at(number));
            bool good = is_plausible(r);
            if (good && slot_word::state_of(r.words[0]) == slot_state::live) {
                ++report.live;
                const auto id = layout::id.get(r.words[0]);
                const auto hash = state_->live->hash(id);
                // That the path leads there is true for good once it is. Whether another slot answers for the id first
                // is asked of slots that stayed live.
                bool is_first = true;
                bool is_reached = true;
                good = partition_of(hash) == p && walk(in, hash, [&](std::uint64_t at, const slot& s) {
                           if (at == number) return true;
                           // The record could not be found beyond a closed line.
                           const auto& passed = in.lines()[at / slots_per_line].slots;
                           if (at / slots_per_line != number / slots_per_line &&
                               slot_word::line_is_closed(passed[0].words[0].load(std::memory_order_acquire),
                                                         passed[1].words[0].load(std::memory_order_acquire)))
                               is_reached = false;
                           const auto word = s.words[0].load(std::memory_order_acquire);
                           is_first &= (word & slot_word::identity_mask) != slot_word::live_identity(id);
                           return false;
                       });
                const auto now = in.slot_at(number).words[0].load(std::memory_order_acquire);
                good &=
                    is_reached && (is_first || (now & ~layout::closed.mask()) != (r.words[0] & ~layout::closed.mask()));
            }
            if (good) continue;
            if (report.damaged++ == 0) {
                report.first_damaged_partition = p;
                report.first_damaged_slot = number;
            }
        }
    }
    return report;
}

std::uint64_t placement_hash(std::uint64_t id, std::uint64_t seed) noexcept {
    return placement_hash_inline(id, seed);
}

}  // namespace xacthuc::inline v0_1
