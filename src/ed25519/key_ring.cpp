// SPDX-License-Identifier: Apache-2.0
// Two locks. `entries_` (shared) guards the map and is held for lookups and swaps only. `building_` is held by the one
// thread that changes combs, from its plan to its last swap; it is always taken first. Adding and removing keys needs
// only the first.
#include <sodium.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <unordered_map>
#include <vector>
#include <xacthuc/ed25519/key_ring.hpp>

namespace xacthuc::inline v0_1::ed25519 {
namespace {

using key_pointer = std::shared_ptr<const verifying_key>;

struct seeded_hash {
    std::uint64_t seed;
    std::size_t operator()(const public_key& key) const noexcept {
        return XXH3_64bits_withSeed(key.bytes.data(), key.bytes.size(), seed);
    }
};

struct entry {
    explicit entry(key_pointer it, std::uint32_t promote_at) : key(std::move(it)), next_try(promote_at) {}

    key_pointer key;
    std::atomic<std::uint32_t> uses{0};
    // The number of uses at which it is next worth while to look for a comb, or for a wider one.
    std::atomic<std::uint32_t> next_try;
};

std::size_t bytes_of(const verifying_key& key) {
    return key.comb_bits() == 0 ? 0 : comb_bytes(key.comb_bits());
}

// Returns the widest comb that fits, 0 when none does.
unsigned bits_that_fit(std::size_t bytes) {
    unsigned bits = comb_bits_max;
    while (bits >= comb_bits_min && comb_bytes(bits) > bytes) {
        --bits;
    }
    return bits >= comb_bits_min ? bits : 0;
}

std::uint64_t random_seed() {
    std::uint64_t seed = 0;
    randombytes_buf(&seed, sizeof seed);
    return seed;
}

constexpr std::uint32_t uses_max = std::numeric_limits<std::uint32_t>::max();

std::uint32_t twice(std::uint32_t a) {
    return a > uses_max / 2 ? uses_max : 2 * a;
}

// Counts no further than it can: a count that wrapped would make the busiest key the least busy. Returns the new count.
std::uint32_t add_uses(std::atomic<std::uint32_t>& to, std::uint32_t count) {
    std::uint32_t before = to.load(std::memory_order_relaxed);
    std::uint32_t after = 0;
    do {
        after = before > uses_max - count ? uses_max : before + count;
    } while (!to.compare_exchange_weak(before, after, std::memory_order_relaxed));
    return after;
}

}  // namespace

struct key_ring::impl {
    explicit impl(key_ring_options given)
        : options(given),
          promote_at(std::max<std::uint32_t>(given.promote_after_uses, 1)),
          map(16, seeded_hash{random_seed()}) {}

    struct need {
        bool is_known = false;
        unsigned bits = 0;
        std::uint32_t uses = 0;
        std::size_t free_bytes = 0;
    };

    // Requires building.
    need need_of(const public_key& key) const {
        const std::shared_lock lock(entries);
        const auto it = map.find(key);
        if (it == map.end()) {
            return {};
        }
        const std::size_t free =
            options.comb_bytes_max > comb_bytes_used ? options.comb_bytes_max - comb_bytes_used : 0;
        return {true, it->second.key->comb_bits(), it->second.uses.load(std::memory_order_relaxed),
                free + bytes_of(*it->second.key)};
    }

    // Puts a key with another comb in the place of itself, if it has not been removed.
    void replace(key_pointer next) {
        const std::unique_lock lock(entries);
        const auto it = map.find(next->bytes());
        if (it != map.end()) {
            comb_bytes_used = comb_bytes_used - bytes_of(*it->second.key) + bytes_of(*next);
            it->second.key.swap(next);
        }
    }

    // Returns the key with the least busy comb that is less than half as busy as `uses`; null when there is none.
    key_pointer least_busy(const public_key& except, std::uint32_t uses) const {
        const std::shared_lock lock(entries);
        key_pointer best;
        std::uint32_t best_uses = uses / 2;
        for (const auto& [key, it] : map) {
            const std::uint32_t its_uses = it.uses.load(std::memory_order_relaxed);
            if (it.key->comb_bits() != 0 && its_uses < best_uses && key != except) {
                best = it.key;
                best_uses = its_uses;
            }
        }
        return best;
    }

    // Gives a key the widest comb there is room for, making room at the cost of keys that are less than half as busy.
    // Requires building.
    void promote_one(const public_key& key, std::uint32_t uses) {
        need it = need_of(key);
        while (it.is_known && it.bits == 0 && bits_that_fit(it.free_bytes) == 0) {
            const key_pointer victim = least_busy(key, uses);
            if (victim == nullptr) {
                return;
            }
            const unsigned bits = victim->comb_bits() > comb_bits_min ? victim->comb_bits() - 1 : 0;
            replace(
                std::make_shared<const verifying_key>(bits != 0 ? victim->with_comb(bits) : victim->without_comb()));
            it = need_of(key);
        }
        const unsigned bits = bits_that_fit(it.free_bytes);
        if (it.is_known && bits > it.bits) {
            const result<verifying_key> checked = verifying_key::make(key);
            replace(std::make_shared<const verifying_key>(checked->with_comb(bits)));
        }
    }

    // Looks for a comb for a key that has become busy, unless another thread is at work.
    void promote_busy(const public_key& key, std::uint32_t uses) {
        const std::unique_lock build_lock(building, std::try_to_lock);
        if (!build_lock.owns_lock()) {
            return;
        }
        try {
            promote_one(key, uses);
        } catch (const std::bad_alloc&) {
            // The key stays as it is, and is looked at again when it is twice as busy.
        }
        const std::shared_lock lock(entries);
        const auto it = map.find(key);
        if (it != map.end()) {
            it->second.next_try.store(twice(uses), std::memory_order_relaxed);
        }
    }

    void halve_uses() {
        const std::unique_lock lock(entries);
        for (auto& [key, it] : map) {
            it.uses.store(it.uses.load(std::memory_order_relaxed) / 2, std::memory_order_relaxed);
            it.next_try.store(std::max(promote_at, it.next_try.load(std::memory_order_relaxed) / 2),
                              std::memory_order_relaxed);
        }
    }

    const key_ring_options options;
    const std::uint32_t promote_at;
    std::mutex building;
    mutable std::shared_mutex entries;
    std::unordered_map<public_key, entry, seeded_hash> map;
    std::size_t comb_bytes_used = 0;
    std::atomic<std::uint64_t> find_count{0};
};

key_ring::key_ring(key_ring_options options) : impl_(std::make_unique<impl>(options)) {}
key_ring::~key_ring() = default;

result<std::shared_ptr<const verifying_key>> key_ring::add(const public_key& key) {
    {
        const std::shared_lock lock(impl_->entries);
        const auto it = impl_->map.find(key);
        if (it != impl_->map.end()) {
            return it->second.key;
        }
    }
    const result<verifying_key> checked = verifying_key::make(key);
    if (!checked) {
        return checked.error();
    }
    const std::unique_lock lock(impl_->entries);
    return impl_->map.try_emplace(key, std::make_shared<const verifying_key>(*checked), impl_->promote_at)
        .first->second.key;
}

bool key_ring::remove(const public_key& key) {
    const std::unique_lock lock(impl_->entries);
    const auto it = impl_->map.find(key);
    if (it == impl_->map.end()) {
        return false;
    }
    impl_->comb_bytes_used -= bytes_of(*it->second.key);
    impl_->map.erase(it);
    return true;
}

std::shared_ptr<const verifying_key> key_ring::find(const public_key& key, std::uint32_t uses) {
    const auto look_up = [&](std::uint32_t count, std::uint32_t& uses_now, bool& is_busy) -> key_pointer {
        const std::shared_lock lock(impl_->entries);
        const auto it = impl_->map.find(key);
        if (it == impl_->map.end()) {
            return nullptr;
        }
        uses_now = add_uses(it->second.uses, count);
        is_busy = uses_now >= it->second.next_try.load(std::memory_order_relaxed) &&
                  it->second.key->comb_bits() < comb_bits_max;
        return it->second.key;
    };
    std::uint32_t uses_now = 0;
    bool is_busy = false;
    key_pointer found = look_up(uses, uses_now, is_busy);
    if (found == nullptr) {
        return nullptr;
    }
    const std::uint64_t finds = impl_->find_count.fetch_add(1, std::memory_order_relaxed) + 1;
    if (impl_->options.finds_per_halving != 0 && finds % impl_->options.finds_per_halving == 0) {
        impl_->halve_uses();
    }
    if (is_busy) {
        impl_->promote_busy(key, uses_now);
        const key_pointer promoted = look_up(0, uses_now, is_busy);
        found = promoted != nullptr ? promoted : found;
    }
    return found;
}

std::size_t key_ring::promote(std::span<const public_key> keys) {
    const std::unique_lock build_lock(impl_->building);
    for (const public_key& key : keys) {
        impl_->promote_one(key, uses_max);
    }
    const std::shared_lock lock(impl_->entries);
    return static_cast<std::size_t>(std::count_if(keys.begin(), keys.end(), [&](const public_key& key) {
        const auto it = impl_->map.find(key);
        return it != impl_->map.end() && it->second.key->comb_bits() != 0;
    }));
}

std::size_t key_ring::scrub() {
    const std::unique_lock build_lock(impl_->building);
    std::vector<key_pointer> keys;
    {
        const std::shared_lock lock(impl_->entries);
        keys.reserve(impl_->map.size());
        for (const auto& [key, it] : impl_->map) {
            keys.push_back(it.key);
        }
    }
    std::size_t damaged_count = 0;
    for (const key_pointer& key : keys) {
        if (!key->comb_is_sound()) {
            ++damaged_count;
            impl_->replace(std::make_shared<const verifying_key>(key->with_comb(key->comb_bits())));
        }
    }
    return damaged_count;
}

key_ring_state key_ring::state() const {
    const std::shared_lock lock(impl_->entries);
    key_ring_state state;
    state.key_count = impl_->map.size();
    state.comb_bytes = impl_->comb_bytes_used;
    for (const auto& [key, it] : impl_->map) {
        const unsigned bits = it.key->comb_bits();
        state.comb_count[bits] += bits != 0 ? 1 : 0;
    }
    return state;
}

}  // namespace xacthuc::inline v0_1::ed25519
