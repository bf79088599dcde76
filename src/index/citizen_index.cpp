// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>
#include <xacthuc/index/citizen_index.hpp>

#include "index/placement.hpp"
#include "index/probe.hpp"

namespace xacthuc {

struct citizen_index::state {
    index_facts facts;
    huge_pages blocks;
    huge_pages directory_memory;
    std::atomic<std::uint64_t>* directory = nullptr;
    regular_blocks regular;
    std::array<std::atomic<std::uint64_t>, partition_count / 64> irregular{};
    std::atomic<std::uint64_t> citizens{0};
    std::atomic<std::uint64_t> sequence{0};
    std::atomic<std::int64_t> as_of_unix_ms{0};
    mutable epoch readers;

    [[nodiscard]] std::uint64_t hash(std::uint64_t id) const noexcept {
        return placement_hash_inline(id, facts.placement_seed);
    }
    [[nodiscard]] table_word table(std::uint64_t hash) const noexcept {
        // Acquire pairs with the release that published the table.
        return table_word{directory[partition_of(hash)].load(std::memory_order_acquire)};
    }
    void find_regularity(const block_offsets& offsets) noexcept;
    // The slot that holds the live record of an id, or null.
    [[nodiscard]] slot* find_live(std::uint64_t id, table_word in, std::uint64_t hash,
                                  std::uint64_t& number) const noexcept;
};

slot* citizen_index::state::find_live(std::uint64_t id, table_word in, std::uint64_t hash,
                                      std::uint64_t& number) const noexcept {
    slot* found = nullptr;
    walk(in, hash, [&](std::uint64_t at, slot& s) {
        const auto word = s.words[0].load(std::memory_order_acquire);
        if ((word & slot_word::identity_mask) != slot_word::live_identity(id)) return false;
        number = at;
        found = &s;
        return true;
    });
    return found;
}

void citizen_index::state::find_regularity(const block_offsets& offsets) noexcept {
    const table_word first{directory[0].load(std::memory_order_relaxed)};
    regular = {blocks.data() + offsets[0] + sizeof(block_head), offsets[1] - offsets[0], first.line_count(),
               irregular.data()};
    bool all = true;
    for (std::size_t p = 0; p < partition_count; ++p)
        all &= offsets[p] == offsets[0] + p * regular.distance_bytes &&
               table_word{directory[p].load(std::memory_order_relaxed)}.line_count() == regular.line_count;
    for (auto& word : irregular) word.store(all ? 0 : ~std::uint64_t{0}, std::memory_order_relaxed);
}

citizen_index::citizen_index(std::unique_ptr<state> s) noexcept : state_{std::move(s)} {}
citizen_index::citizen_index(citizen_index&&) noexcept = default;
citizen_index& citizen_index::operator=(citizen_index&&) noexcept = default;
citizen_index::~citizen_index() = default;

detailed_result<citizen_index> citizen_index::from_blocks(const index_facts& facts, huge_pages memory,
                                                          const block_offsets& offsets) {
    auto directory = huge_pages::allocate(partition_count * sizeof(std::uint64_t));
    if (!directory) return directory.error();
    auto s = std::make_unique<state>();
    s->facts = facts;
    s->blocks = std::move(memory);
    s->directory_memory = std::move(*directory);
    s->directory = new (s->directory_memory.data()) std::atomic<std::uint64_t>[partition_count];
    for (std::size_t p = 0; p < partition_count; ++p) {
        const auto* const begin = s->blocks.data() + offsets[p];
        block_head head;
        std::memcpy(&head, begin, sizeof head);
        const table_word table{reinterpret_cast<const line*>(begin + sizeof head), head.line_count};
        s->directory[p].store(table.bits(), std::memory_order_release);
    }
    s->find_regularity(offsets);
    s->citizens.store(facts.citizens, std::memory_order_relaxed);
    s->sequence.store(facts.as_of.sequence, std::memory_order_relaxed);
    s->as_of_unix_ms.store(facts.as_of.as_of_unix_ms, std::memory_order_relaxed);
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
    return state_->blocks.size() + state_->directory_memory.size() + sizeof(state);
}

result<std::optional<record>> citizen_index::find(personal_id id) const noexcept {
    const auto inside = enter();
    const auto hash = state_->hash(id.value());
    const auto table = state_->table(hash);
    for (;;) {
        std::optional<record> found;
        bool damaged = false;
        std::uint64_t successor = table.line_count() * slots_per_line;
        walk(table, hash, [&](std::uint64_t, const slot& s) {
            const auto r = copy_of(s);
            damaged |= !is_plausible(r);
            if (layout::id.get(r.words[0]) != id.value()) return false;
            const auto now = slot_word::state_of(r.words[0]);
            if (now == slot_state::moved) successor = layout::version.get(r.words[0]);
            if (now != slot_state::live) return false;
            found = r;
            return true;
        });
        if (damaged) return errc::damaged_record;
        if (found) return found;
        if (successor >= table.line_count() * slots_per_line) return std::optional<record>{};
        // Replaced while we walked: the record is in the successor unless that was erased or replaced in its turn.
        const auto r = copy_of(slot_at(table, successor));
        if (layout::id.get(r.words[0]) != id.value()) return std::optional<record>{};
        if (slot_word::state_of(r.words[0]) == slot_state::erased) return std::optional<record>{};
        if (slot_word::state_of(r.words[0]) == slot_state::live ||
            slot_word::state_of(r.words[0]) == slot_state::staging) {
            if (!is_intact(r)) return errc::damaged_record;
            return std::optional{r};
        }
    }
}

bool citizen_index::find_key(personal_id id, std::span<std::byte, public_key_bytes> key) const noexcept {
    if (!state_->facts.with_keys) return false;
    const auto inside = enter();
    const auto hash = state_->hash(id.value());
    const auto table = state_->table(hash);
    std::uint64_t number = 0;
    if (state_->find_live(id.value(), table, hash, number) == nullptr) return false;
    std::memcpy(key.data(), key_at(table, number), public_key_bytes);
    return std::ranges::any_of(key, [](std::byte b) { return b != std::byte{0}; });
}

namespace {

// Whether version `a` comes after `b`, by serial-number arithmetic on 20 bits.
[[nodiscard]] constexpr bool is_newer(std::uint32_t a, std::uint32_t b) noexcept {
    const auto ahead = (a - b) & (layout::version.mask() >> layout::version.offset);
    return ahead != 0 && ahead < std::uint64_t{1} << (layout::version.width - 1);
}

}  // namespace

result<citizen_index::change_result> citizen_index::upsert(const record& r,
                                                           const std::optional<public_key_bytes_view>& key,
                                                           std::optional<std::uint32_t> version) noexcept {
    if (state_->facts.read_only) return errc::read_only;
    if (key && !state_->facts.with_keys) return errc::no_key_column;
    const auto id = layout::id.get(r.words[0]);
    const auto hash = state_->hash(id);
    const auto table = state_->table(hash);
    std::uint64_t old_number = 0;
    slot* const old = state_->find_live(id, table, hash, old_number);
    const auto old_word = old == nullptr ? 0 : old->words[0].load(std::memory_order_relaxed);
    const auto held = static_cast<std::uint32_t>(layout::version.get(old_word));
    const auto next_version = version.value_or(old == nullptr ? 0 : held + 1);
    if (old != nullptr && !is_newer(next_version, held)) return errc::change_is_older;
    slot* fresh = nullptr;
    std::uint64_t fresh_number = 0;
    walk(table, hash, [&](std::uint64_t at, slot& s) {
        const auto now = slot_word::state_of(s.words[0].load(std::memory_order_relaxed));
        if (now != slot_state::empty && now != slot_state::free) return false;
        fresh = &s;
        fresh_number = at;
        return true;
    });
    if (fresh == nullptr) return errc::index_full;
    record next = r;
    next.words[0] = slot_word::live_identity(id) | layout::version.put(next_version);
    next = with_integrity(next);
    const auto staging = slot_word::with_state(next.words[0], slot_state::staging);
    fresh->words[0].store(staging, std::memory_order_relaxed);
    for (std::size_t i = 1; i < 4; ++i) fresh->words[i].store(next.words[i], std::memory_order_relaxed);
    if (state_->facts.with_keys) {
        if (key)
            std::memcpy(key_at(table, fresh_number), key->data(), public_key_bytes);
        else if (old != nullptr)
            std::memcpy(key_at(table, fresh_number), key_at(table, old_number), public_key_bytes);
        else
            std::memset(key_at(table, fresh_number), 0, public_key_bytes);
    }
    // Release pairs with the acquire of readers: who meets the successor's number or the live state finds the payload.
    if (old != nullptr) {
        const auto moved = layout::id.put(id) | layout::version.put(fresh_number);
        old->words[0].store(slot_word::with_state(moved, slot_state::moved), std::memory_order_release);
    }
    fresh->words[0].store(next.words[0], std::memory_order_release);
    if (old == nullptr) state_->citizens.fetch_add(1, std::memory_order_relaxed);
    return change_result{old == nullptr, static_cast<std::uint32_t>(layout::version.get(next.words[0]))};
}

result<citizen_index::change_result> citizen_index::erase(personal_id id,
                                                          std::optional<std::uint32_t> version) noexcept {
    if (state_->facts.read_only) return errc::read_only;
    const auto hash = state_->hash(id.value());
    std::uint64_t number = 0;
    slot* const found = state_->find_live(id.value(), state_->table(hash), hash, number);
    if (found == nullptr) return errc::citizen_unknown;
    const auto word = found->words[0].load(std::memory_order_relaxed);
    const auto held = static_cast<std::uint32_t>(layout::version.get(word));
    if (version && !is_newer(*version, held)) return errc::change_is_older;
    found->words[0].store(slot_word::with_state(word, slot_state::erased), std::memory_order_release);
    state_->citizens.fetch_sub(1, std::memory_order_relaxed);
    return change_result{false, version.value_or(held + 1)};
}

result<citizen_index::change_result> citizen_index::set_key(personal_id id, public_key_bytes_view key,
                                                            std::optional<std::uint32_t> version) noexcept {
    if (state_->facts.read_only) return errc::read_only;
    if (!state_->facts.with_keys) return errc::no_key_column;
    const auto hash = state_->hash(id.value());
    const auto table = state_->table(hash);
    std::uint64_t number = 0;
    const auto* const found = state_->find_live(id.value(), table, hash, number);
    if (found == nullptr) return errc::citizen_unknown;
    const auto word = found->words[0].load(std::memory_order_relaxed);
    const auto held = static_cast<std::uint32_t>(layout::version.get(word));
    if (version && !is_newer(*version, held)) return errc::change_is_older;
    std::memcpy(key_at(table, number), key.data(), public_key_bytes);
    return change_result{false, held};
}

void citizen_index::prefetch(personal_id id) const noexcept {
    const auto hash = state_->hash(id.value());
    __builtin_prefetch(state_->table(hash).home(hash), 1);
}

detailed_result<void> citizen_index::copy_block(std::size_t partition, std::vector<std::byte>& to) const {
    const auto bytes = block(partition);
    to.assign(bytes.begin(), bytes.end());
    block_head head;
    std::memcpy(&head, to.data(), sizeof head);
    head.live_count = 0;
    for (std::size_t s = 0; s < std::size_t{head.line_count} * slots_per_line; ++s) {
        auto* const at = to.data() + sizeof head + s * sizeof(record);
        record r;
        std::memcpy(&r, at, sizeof r);
        if (slot_word::state_of(r.words[0]) == slot_state::live) {
            if (!is_intact(r)) return failure{errc::damaged_record, "partition " + std::to_string(partition)};
            ++head.live_count;
            continue;
        }
        std::memset(at, 0, sizeof r);
        if (head.key_bytes != 0)
            std::memset(to.data() + block_bytes(head.line_count, false) + s * public_key_bytes, 0, public_key_bytes);
    }
    std::memcpy(to.data(), &head, sizeof head);
    return {};
}

detailed_result<void> citizen_index::rebuild_partition(std::size_t partition, std::span<const record> records,
                                                       std::span<const std::byte> keys) {
    if (state_->facts.read_only) return failure{errc::read_only, {}};
    const table_word table{state_->directory[partition].load(std::memory_order_acquire)};
    const auto bytes = block(partition);
    std::memset(static_cast<void*>(table.lines()), 0, bytes.size() - sizeof(block_head));
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto key =
            keys.empty()
                ? std::nullopt
                : std::optional{public_key_bytes_view{keys.subspan(i * public_key_bytes).data(), public_key_bytes}};
        const auto version = static_cast<std::uint32_t>(layout::version.get(records[i].words[0]));
        if (const auto done = upsert(records[i], key, version); !done)
            return failure{done.error(), "partition " + std::to_string(partition)};
    }
    return {};
}

std::span<const std::byte> citizen_index::block(std::size_t partition) const noexcept {
    const table_word table{state_->directory[partition].load(std::memory_order_acquire)};
    const auto* const begin = reinterpret_cast<const std::byte*>(table.lines()) - sizeof(block_head);
    return {begin, block_bytes(table.line_count(), state_->facts.with_keys)};
}

epoch::guard citizen_index::enter() const noexcept {
    return state_->readers.enter();
}
const std::atomic<std::uint64_t>* citizen_index::directory() const noexcept {
    return state_->directory;
}
citizen_index::regular_blocks citizen_index::regular() const noexcept {
    return state_->regular;
}
std::uint64_t citizen_index::placement_seed() const noexcept {
    return state_->facts.placement_seed;
}

citizen_index::scrub_report citizen_index::scrub(std::size_t first_partition, std::size_t partitions) const noexcept {
    scrub_report report;
    const auto inside = enter();
    for (std::size_t p = first_partition; p < std::min(first_partition + partitions, partition_count); ++p) {
        const table_word table{state_->directory[p].load(std::memory_order_acquire)};
        for (std::uint64_t number = 0; number < table.line_count() * slots_per_line; ++number) {
            const auto r = copy_of(slot_at(table, number));
            bool good = is_plausible(r);
            if (good && slot_word::state_of(r.words[0]) == slot_state::live) {
                ++report.live;
                const auto id = layout::id.get(r.words[0]);
                const auto hash = state_->hash(id);
                std::uint64_t found = 0;
                good =
                    partition_of(hash) == p && state_->find_live(id, table, hash, found) != nullptr && found == number;
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

}  // namespace xacthuc
