// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>
#include <xacthuc/guard/quota.hpp>

namespace xacthuc::inline v0_1 {
namespace {

using rate_cell = basic_rate_cell<word_table::word>;
using day_count = basic_day_count<word_table::word>;
using key_places = basic_key_places<word_table::word>;

constexpr std::uint64_t second_ns = 1'000'000'000;

[[nodiscard]] std::uint64_t pair_key(std::uint16_t agency, std::uint16_t procedure) noexcept {
    return std::uint64_t{1} << 32 | std::uint64_t{agency} << 16 | procedure;
}
// A bijection, so that different officers of different agencies share a key as seldom as chance has it.
[[nodiscard]] std::uint64_t mixed(std::uint64_t x) noexcept {
    x = (x ^ x >> 30) * 0xbf58'476d'1ce4'e5b9;
    x = (x ^ x >> 27) * 0x94d0'49bb'1331'11eb;
    return x ^ x >> 31;
}
[[nodiscard]] std::uint64_t officer_key(std::uint16_t agency, std::uint64_t officer) noexcept {
    return mixed(mixed(officer) + agency + 1) | 1U;
}
[[nodiscard]] std::int64_t as_ns(std::int64_t unix_ms) noexcept {
    // Beyond the year 2100 every moment is that one: nothing is admitted that a limit forbids.
    constexpr std::int64_t latest_ms = 4'102'444'800'000;
    return std::clamp<std::int64_t>(unix_ms, 0, latest_ms) * 1'000'000;
}

// What a thread has charged and not used. One a thread for each of a few pairs.
struct lease {
    std::uint64_t table = 0;
    std::size_t place = 0;
    std::uint32_t left = 0;
    std::uint16_t day = 0;
    std::int64_t last_ms = 0;
    std::int64_t until_ms = 0;
};
constexpr std::size_t lease_count = 16;
constexpr std::int64_t lease_ms = 1000;
constexpr std::int64_t in_a_row_ms = 10;

[[nodiscard]] lease& lease_of(std::size_t place) noexcept {
    thread_local std::array<lease, lease_count> leases;
    return leases[place % lease_count];
}

[[nodiscard]] std::uint64_t next_table() noexcept {
    static std::atomic<std::uint64_t> tables{0};
    return tables.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

quota::quota(const quota_options& options)
    : pair_keys_{std::max<std::size_t>(options.pairs_max, 1)},
      pair_rates_{pair_keys_.size()},
      pair_days_{pair_keys_.size()},
      officer_keys_{std::max<std::size_t>(options.officers_max, 1)},
      officer_days_{officer_keys_.size()},
      lease_{options.lease},
      number_{next_table()} {}

std::uint32_t quota::charge_place(std::size_t place, const rule& by, std::int64_t now_unix_ms, std::uint16_t day,
                                  std::uint32_t wanted) noexcept {
    // The day first: only what it charged can be given back exactly.
    auto granted = wanted;
    if (by.per_day != no_limit) granted = day_count::charge(pair_days_[place], by.per_day, day, wanted);
    if (by.per_second == no_limit || granted == 0) return granted;
    if (by.per_second == 0) {
        if (by.per_day != no_limit) day_count::give_back(pair_days_[place], day, granted);
        return 0;
    }
    const auto interval_ns = (second_ns + by.per_second - 1) / by.per_second;
    const auto by_rate = rate_cell::charge(pair_rates_[place], interval_ns, by.per_second, as_ns(now_unix_ms), granted);
    if (by.per_day != no_limit) day_count::give_back(pair_days_[place], day, granted - by_rate);
    return by_rate;
}

std::uint32_t quota::charge(std::uint16_t agency, std::uint16_t procedure, const rule& by, std::int64_t now_unix_ms,
                            std::uint16_t day, std::uint32_t wanted) noexcept {
    if (by.per_second == no_limit && by.per_day == no_limit) return wanted;
    const auto key = pair_key(agency, procedure);
    const auto place = key_places::place_of(pair_keys_.words(), key, mixed(key));
    return place ? charge_place(*place, by, now_unix_ms, day, wanted) : 0;
}

void quota::prefetch(std::uint16_t agency, std::uint16_t procedure) const noexcept {
    const auto place = mixed(pair_key(agency, procedure)) % pair_keys_.size();
    __builtin_prefetch(&pair_keys_[place]);
    __builtin_prefetch(&pair_days_[place], 1);
    __builtin_prefetch(&pair_rates_[place], 1);
}

bool quota::charge_one(std::uint16_t agency, std::uint16_t procedure, const rule& by, std::int64_t now_unix_ms,
                       std::uint16_t day) noexcept {
    if (by.per_second == no_limit && by.per_day == no_limit) return true;
    const auto key = pair_key(agency, procedure);
    const auto place = key_places::place_of(pair_keys_.words(), key, mixed(key));
    if (!place) return false;
    auto& mine = lease_of(*place);
    const bool is_same = mine.table == number_ && mine.place == *place;
    if (is_same && mine.left != 0 && mine.day == day && now_unix_ms <= mine.until_ms && now_unix_ms >= mine.last_ms) {
        --mine.left;
        mine.last_ms = now_unix_ms;
        return true;
    }
    if (mine.table == number_ && mine.left != 0) day_count::give_back(pair_days_[mine.place], mine.day, mine.left);
    // Where limits are small a lease would be a large part of them.
    const bool is_in_a_row = is_same && now_unix_ms - mine.last_ms <= in_a_row_ms && now_unix_ms >= mine.last_ms;
    const bool is_large = std::min(by.per_second, by.per_day) / 64 >= lease_;
    const auto granted = charge_place(*place, by, now_unix_ms, day, is_in_a_row && is_large ? lease_ : 1);
    mine = {number_, *place, granted == 0 ? 0 : granted - 1, day, now_unix_ms, now_unix_ms + lease_ms};
    return granted != 0;
}

void quota::give_back(std::uint16_t agency, std::uint16_t procedure, std::uint16_t day, std::uint32_t unused) noexcept {
    const auto key = pair_key(agency, procedure);
    if (const auto place = key_places::place_of(pair_keys_.words(), key, mixed(key)))
        day_count::give_back(pair_days_[*place], day, unused);
}

std::optional<std::size_t> quota::officer_place(std::uint16_t agency, std::uint64_t officer) noexcept {
    const auto key = officer_key(agency, officer);
    return key_places::place_of(officer_keys_.words(), key, key >> 8);
}

std::uint32_t quota::charge_officer(std::size_t place, std::uint32_t limit, std::uint16_t day,
                                    std::uint32_t wanted) noexcept {
    return limit == no_limit ? wanted : day_count::charge(officer_days_[place], limit, day, wanted);
}

void quota::give_back_officer(std::size_t place, std::uint16_t day, std::uint32_t unused) noexcept {
    day_count::give_back(officer_days_[place], day, unused);
}

void quota::restore(const saved_place& saved, bool is_officer) noexcept {
    const auto& keys = is_officer ? officer_keys_ : pair_keys_;
    const auto place = key_places::place_of(keys.words(), saved.key, is_officer ? saved.key >> 8 : mixed(saved.key));
    if (!place) return;
    if (!is_officer) pair_rates_[*place].store(saved.rate, std::memory_order_relaxed);
    (is_officer ? officer_days_ : pair_days_)[*place].store(saved.day, std::memory_order_relaxed);
}

}  // namespace xacthuc::inline v0_1
