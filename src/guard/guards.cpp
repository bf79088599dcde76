// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cassert>
#include <utility>
#include <xacthuc/guard/guards.hpp>

#include "guard/guards_impl.hpp"

namespace xacthuc::inline v0_1 {

namespace {

[[nodiscard]] std::vector<std::uint64_t> places_of(std::span<const std::uint64_t> ids, const subject_place& place) {
    std::vector<std::uint64_t> places(ids.size());
    std::ranges::transform(ids, places.begin(), place);
    return places;
}

}  // namespace

guards::impl::impl(const guards_options& with, const guard_key& with_key)
    : options{with},
      key{with_key},
      places{key.places()},
      quotas{with.quotas},
      officers{with.quotas.officers_max},
      proofs{with.proofs},
      misses{with.misses},
      heavy{with.threads_max, places_of(with.decoys, places)},
      decoys{with.decoys},
      agency_count{std::max<std::size_t>(with.agencies_max, 1)},
      agency_keys{agency_count},
      agency_words{(agency_count + 1) * agency_place::words},
      places_seen{std::make_unique<std::atomic<std::uint32_t>[]>(std::size_t{1} << 16)},
      volume_numbers(std::size_t{1} << 16),
      suspended{(std::size_t{1} << 16) / 64} {
    for (std::size_t i = 0; i < options.volumes.size(); ++i)
        volume_numbers[options.volumes[i].agency] = static_cast<std::uint16_t>(i + 1);
    if (options.started_at_unix_ms) proofs.refuse_until(*options.started_at_unix_ms + with.proofs.max_ahead_ms);
}

guard_day guards::impl::day_at(std::int64_t now_unix_ms) noexcept {
    const auto day = policy_day_of(now_unix_ms);
    auto seen = today.load(std::memory_order_relaxed);
    if (seen >> 16 < day || seen == 0) {
        const auto next = std::uint32_t{day} << 16 | month_of(day);
        while (seen < next && !today.compare_exchange_weak(seen, next, std::memory_order_relaxed)) {
        }
        seen = std::max(seen, next);
    }
    return {static_cast<std::uint16_t>(seen >> 16), static_cast<std::uint16_t>(seen)};
}

std::size_t guards::impl::place_of(std::uint16_t agency) noexcept {
    if (const auto seen = places_seen[agency].load(std::memory_order_relaxed); seen != 0) return seen - 1;
    const auto key_of_agency = std::uint64_t{agency} + 1;
    const auto found = agency_places::place_of(agency_keys.words(), key_of_agency, key_of_agency);
    const auto place = found ? *found : agency_count;
    places_seen[agency].store(static_cast<std::uint32_t>(place + 1), std::memory_order_relaxed);
    // Nothing has to be durable where there is nowhere to keep it.
    if (!store) at(place).replay().reserve(~std::uint64_t{0});
    return place;
}

void guards::impl::set_suspended(std::uint16_t agency, bool to) noexcept {
    const auto bit = std::uint64_t{1} << agency % 64;
    auto& here = suspended[agency / 64];
    const auto before = to ? here.fetch_or(bit) : here.fetch_and(~bit);
    if (((before & bit) != 0) == to) return;
    if (to)
        suspended_count.fetch_add(1, std::memory_order_relaxed);
    else
        suspended_count.fetch_sub(1, std::memory_order_relaxed);
}

void guards::impl::raise(alarm_reason reason, std::uint16_t agency, std::uint64_t number, std::uint64_t limit,
                         std::uint64_t subject, std::int64_t now_unix_ms, std::uint16_t day) noexcept {
    const auto action = options.actions[static_cast<std::size_t>(reason) - 1];
    if (action == alarm_action::none) return;
    if (reason != alarm_reason::decoy) {
        auto& raised = at(place_of(agency)).raised(reason);
        if (raised.load(std::memory_order_relaxed) == day + 1U || raised.exchange(day + 1U) == day + 1U) return;
    }
    const bool is_suspending = action == alarm_action::suspend;
    if (is_suspending) set_suspended(agency, true);
    alarms.put({now_unix_ms, number, limit, subject, agency, reason, is_suspending});
}

guards::guards(const guards_options& options)
    : impl_{std::make_unique<impl>(options, options.key ? *options.key : guard_key::generate())} {}
guards::~guards() = default;

outcome guards::take_batch(std::uint16_t agency, std::uint64_t counter, std::int64_t now_unix_ms) noexcept {
    auto& all = *impl_;
    if (all.is_suspended(agency)) return outcome::alarm_suspended;
    if (all.is_closed.load(std::memory_order_relaxed)) return outcome::proofs_full;
    const auto place = all.place_of(agency);
    if (all.is_shared(place)) {
        all.raise_full(agency, 1, now_unix_ms, all.day_at(now_unix_ms).day);
        return outcome::proofs_full;
    }
    auto window = all.at(place).replay();
    using answer = replay_window::answer;
    auto taken = window.take(counter);
    if (taken == answer::not_reserved) {
        const auto end = std::min(counter, window.end() - all.options.counter_step) + all.options.counter_step + 1;
        if (!all.reserve(place, end)) return outcome::proofs_full;
        taken = window.take(counter);
    }
    return taken == answer::taken ? outcome::verified : outcome::proof_repeated;
}

std::int64_t guards::proofs_refused_until_unix_ms() const noexcept {
    return impl_->proofs.refused_until_unix_ms();
}

outcome guards::take_proof(std::uint64_t id, const std::array<std::byte, 16>& nonce, std::int64_t issued_at_unix_ms,
                           std::int64_t now_unix_ms) noexcept {
    auto& all = *impl_;
    if (all.is_closed.load(std::memory_order_relaxed)) return outcome::proofs_full;
    const auto taken = all.proofs.take(all.key.fingerprint(id, nonce), issued_at_unix_ms, now_unix_ms);
    if (taken == outcome::proofs_full) all.raise_full(0, 1, now_unix_ms, all.day_at(now_unix_ms).day);
    return taken;
}

std::vector<guard_alarm> guards::take_alarms() {
    std::vector<guard_alarm> taken;
    while (const auto next = impl_->alarms.take()) taken.push_back(*next);
    return taken;
}

void guards::suspend(std::uint16_t agency) noexcept {
    impl_->set_suspended(agency, true);
}
void guards::reinstate(std::uint16_t agency) noexcept {
    impl_->set_suspended(agency, false);
}
bool guards::is_suspended(std::uint16_t agency) const noexcept {
    return impl_->is_suspended(agency);
}

std::size_t guards::memory_bytes() const noexcept {
    const auto& all = *impl_;
    return sizeof(impl) + all.quotas.memory_bytes() + all.officers.memory_bytes() + all.proofs.memory_bytes() +
           all.misses.memory_bytes() + all.heavy.memory_bytes() + all.decoys.memory_bytes() +
           all.alarms.memory_bytes() + all.agency_keys.memory_bytes() + all.agency_words.memory_bytes() +
           all.suspended.memory_bytes() + (std::size_t{1} << 16) * (sizeof(std::uint32_t) + sizeof(std::uint16_t));
}

guards_report guards::report(std::int64_t now_unix_ms) const {
    auto& all = *impl_;
    const auto day = all.day_at(now_unix_ms);
    guards_report report;
    for (std::size_t agency = 0; agency < (std::size_t{1} << 16); ++agency) {
        const auto number = static_cast<std::uint16_t>(agency);
        const auto seen = all.places_seen[agency].load(std::memory_order_relaxed);
        if (seen == 0 && !all.is_suspended(number)) continue;
        agency_report one{.agency = number, .suspended = all.is_suspended(number)};
        if (seen != 0) {
            const auto here = all.at(seen - 1);
            one.subjects_today = static_cast<std::uint64_t>(here.sketch().day_estimate(day.day) + 0.5);
            one.subjects_a_year = static_cast<std::uint64_t>(here.sketch().year_estimate(day.month) + 0.5);
            one.misses_per_mille = here.misses().now().fast_per_mille;
            one.misses_usual_per_mille = here.misses().now().slow_per_mille;
            one.budgets_used_up_today = basic_day_count<word_table::word>::used(here.budgets_used_up().load(), day.day);
            one.highest_counter = here.replay().highest();
        }
        report.agencies.push_back(one);
    }
    all.quotas.for_each_use(day.day, [&](const quota::use& use) { report.quotas.push_back(use); });
    report.subjects = all.heavy.most(20, day.day);
    report.alarms_dropped = all.alarms.dropped();
    return report;
}

}  // namespace xacthuc::inline v0_1
