// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <xacthuc/guard/heavy_subjects.hpp>

namespace xacthuc::inline v0_1 {

heavy_subjects::heavy_subjects(std::size_t shard_count, std::vector<std::uint64_t> watched_places)
    : shards_{std::make_unique<shard[]>(std::max<std::size_t>(shard_count, 1))},
      shard_count_{std::max<std::size_t>(shard_count, 1)},
      watched_places_{std::move(watched_places)} {
    for (std::size_t s = 0; s < shard_count_; ++s) watch(shards_[s], watched_places_);
}
heavy_subjects::~heavy_subjects() = default;

std::size_t heavy_subjects::memory_bytes() const noexcept {
    return shard_count_ * sizeof(shard) + watched_places_.size() * sizeof(std::uint64_t);
}

void heavy_subjects::watch(shard& mine, std::span<const std::uint64_t> places) noexcept {
    for (const auto place : places) mine.rows[row_of(place)].store(watched, std::memory_order_relaxed);
}

heavy_subjects::shard& heavy_subjects::enter(std::uint16_t day) noexcept {
    // Each thread comes back to the shard it had, so that its counts stay together and its lines near.
    static std::atomic<std::size_t> threads_seen{0};
    thread_local const std::size_t first = threads_seen.fetch_add(1, std::memory_order_relaxed);
    for (std::size_t i = first;; ++i) {
        auto& here = shards_[i % shard_count_];
        // Acquire pairs with the end of `adding`.
        if (here.taken.load(std::memory_order_relaxed) != 0 || here.taken.exchange(1, std::memory_order_acquire) != 0)
            continue;
        if (here.day.load(std::memory_order_relaxed) < day) {
            here.day.store(day, std::memory_order_relaxed);
            here.asked = 0;
            for (auto& row : here.rows) row.store(0, std::memory_order_relaxed);
            watch(here, watched_places_);
            for (auto& each : here.buckets)
                for (auto& e : each) {
                    e.id_and_1.store(0, std::memory_order_relaxed);
                    e.counts.store(0, std::memory_order_relaxed);
                }
        }
        return here;
    }
}

std::uint32_t heavy_subjects::track(shard& mine, std::uint64_t place, std::uint64_t id, std::uint32_t count) noexcept {
    auto& in = mine.buckets[bucket_of(place)];
    auto* least = &in.front();
    auto least_count = ~std::uint64_t{0};
    for (auto& e : in) {
        const auto counts = e.counts.load(std::memory_order_relaxed);
        if (e.id_and_1.load(std::memory_order_relaxed) == id + 1) {
            const auto next = counts + (counts >> 32 != 0xffff'ffffU ? std::uint64_t{1} << 32 : 0);
            e.counts.store(next, std::memory_order_relaxed);
            return static_cast<std::uint32_t>((next >> 32) - (next & 0xffff'ffffU));
        }
        if (counts >> 32 < least_count) {
            least_count = counts >> 32;
            least = &e;
        }
    }
    if (least_count > count) return 0;
    least->id_and_1.store(id + 1, std::memory_order_relaxed);
    least->counts.store(std::uint64_t{count} << 32 | (count - 1), std::memory_order_relaxed);
    return 1;
}

heavy_subject heavy_subjects::of(std::uint64_t place, std::uint64_t id, std::uint16_t day) const noexcept {
    heavy_subject found{id, 0, 0};
    for (std::size_t s = 0; s < shard_count_; ++s) {
        const auto& here = shards_[s];
        if (here.day.load(std::memory_order_relaxed) != day) continue;
        std::uint64_t at_most = here.rows[row_of(place)].load(std::memory_order_relaxed) & count_mask;
        for (const auto& e : here.buckets[bucket_of(place)]) {
            if (e.id_and_1.load(std::memory_order_relaxed) != id + 1) continue;
            const auto counts = e.counts.load(std::memory_order_relaxed);
            found.surely += (counts >> 32) - (counts & 0xffff'ffffU);
            at_most = std::min(at_most, counts >> 32);
        }
        found.at_most += at_most;
    }
    return found;
}

std::vector<heavy_subject> heavy_subjects::most(std::size_t count_max, std::uint16_t day) const {
    std::vector<heavy_subject> all;
    for (std::size_t s = 0; s < shard_count_; ++s) {
        if (shards_[s].day.load(std::memory_order_relaxed) != day) continue;
        for (const auto& in : shards_[s].buckets)
            for (const auto& e : in) {
                const auto id_and_1 = e.id_and_1.load(std::memory_order_relaxed);
                const auto counts = e.counts.load(std::memory_order_relaxed);
                if (id_and_1 == 0) continue;
                all.push_back({id_and_1 - 1, (counts >> 32) - (counts & 0xffff'ffffU), counts >> 32});
            }
    }
    // The same citizen in several shards.
    std::ranges::sort(all, {}, &heavy_subject::id);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (kept != 0 && all[kept - 1].id == all[i].id) {
            all[kept - 1].surely += all[i].surely;
            all[kept - 1].at_most += all[i].at_most;
        } else {
            all[kept++] = all[i];
        }
    }
    all.resize(kept);
    std::ranges::sort(all, [](const auto& a, const auto& b) { return a.surely > b.surely; });
    if (all.size() > count_max) all.resize(count_max);
    return all;
}

}  // namespace xacthuc::inline v0_1
