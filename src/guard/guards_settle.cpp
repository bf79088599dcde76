// SPDX-License-Identifier: Apache-2.0
// What an answered block means for the budgets, the estimates and the alarms.
#include <algorithm>
#include <array>
#include <cassert>

#include "guard/guards_impl.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr auto block_max = guards::block_max;
constexpr std::int64_t day_ns = 86'400'000'000'000;
constexpr std::int64_t latest_ms = 4'102'444'800'000;  // the year 2100: in nanoseconds it fits
// The estimates of a sketch are looked at each time so many of its registers grew: about as many new citizens while it
// is nearly empty, and about one more citizen in 256 later.
constexpr std::uint64_t growth_a_look_day = 16;
constexpr std::uint64_t growth_a_look_year = 256;
// A citizen's questions through all threads are added up each time one thread has seen so many.
constexpr std::uint32_t heavy_a_look = 16;

}  // namespace

class guards::impl::settling {
  public:
    settling(guards::impl& all, const guard_asker& asker) noexcept
        : all_{all}, asker_{asker}, day_{all.day_at(asker.now_unix_ms)} {}

    void run(std::span<const request> requests, std::span<const verdict> verdicts) noexcept {
        take_answered(requests, verdicts);
        if (count_ == 0) return;
        count_misses();
        if (is_of_one_agency_) {
            note_agency(agencies_[0], failed_count_, count_);
            const auto place = all_.place_of(agencies_[0]);
            auto sketch = all_.at(place).sketch();
            std::uint32_t grown = 0;
            for (std::size_t k = 0; k < count_; ++k) grown += sketch.add(places_[k], day_.date());
            if (grown != 0) look_at_subjects(agencies_[0], place, grown);
        } else {
            note_agencies();
        }
        if (asker_.officer != 0) note_officer();
        if (!all_.decoys.empty()) look_for_decoys();
        all_.heavy.add({places_.data(), count_}, {ids_.data(), count_}, day_.day,
                       [this](std::uint64_t id, std::uint32_t surely) { look_at_heavy(id, surely); });
    }

  private:
    // Those that were answered stand side by side, and those of them that failed again. All failures are taken alike,
    // so that the time of an answer does not tell why it failed.
    void take_answered(std::span<const request> requests, std::span<const verdict> verdicts) noexcept {
        const auto place_of = all_.places;
        std::size_t count = 0;
        std::size_t failed = 0;
        std::uint32_t agencies = 0;
        for (std::size_t i = 0; i < requests.size(); ++i) {
            const auto what = static_cast<std::uint16_t>(verdicts[i].outcome());
            const auto id = requests[i].id();
            const auto place = place_of(id);
            const bool is_answered = what < static_cast<std::uint16_t>(outcome::unknown_agency);
            ids_[count] = id;
            places_[count] = place;
            agencies_[count] = requests[i].agency();
            failures_[failed] = static_cast<std::uint16_t>(count);
            agencies |=
                static_cast<std::uint32_t>(is_answered) * static_cast<std::uint32_t>(agencies_[count] ^ agencies_[0]);
            count += is_answered;
            failed += is_answered & (what != 0);
        }
        is_of_one_agency_ = agencies == 0;
        count_ = static_cast<std::uint32_t>(count);
        failed_count_ = static_cast<std::uint32_t>(failed);
    }

    void count_misses() noexcept {
        for (std::uint32_t f = 0; f < failed_count_; ++f) all_.misses.prefetch(places_[failures_[f]]);
        for (std::uint32_t f = 0; f < failed_count_; ++f) all_.misses.add(places_[failures_[f]], day_.mark());
    }

    void note_agencies() noexcept {
        // Those of one agency together, by sorting: a block of many agencies is rare.
        std::array<std::uint32_t, block_max> order;
        for (std::uint32_t k = 0; k < count_; ++k) order[k] = std::uint32_t{agencies_[k]} << 16 | k;
        for (std::uint32_t f = 0; f < failed_count_; ++f) order[failures_[f]] |= 1U << 15;
        std::sort(order.begin(), order.begin() + count_);
        for (std::uint32_t from = 0; from < count_;) {
            const auto agency = static_cast<std::uint16_t>(order[from] >> 16);
            const auto place = all_.place_of(agency);
            auto sketch = all_.at(place).sketch();
            std::uint32_t failed = 0;
            std::uint32_t grown = 0;
            auto to = from;
            for (; to < count_ && order[to] >> 16 == agency; ++to) {
                failed += order[to] >> 15 & 1U;
                grown += sketch.add(places_[order[to] & 0x7fffU], day_.date());
            }
            note_agency(agency, failed, to - from);
            if (grown != 0) look_at_subjects(agency, place, grown);
            from = to;
        }
    }

    void raise(alarm_reason reason, std::uint16_t agency, std::uint64_t number, std::uint64_t limit,
               std::uint64_t subject = 0) noexcept {
        all_.raise(reason, agency, number, limit, subject, asker_.now_unix_ms, day_.day);
    }

    // An agency's pace and share of failures.
    void note_agency(std::uint16_t agency, std::uint32_t failed, std::uint32_t asked) noexcept {
        const auto& limits = all_.options.thresholds;
        const auto here = all_.at(all_.place_of(agency));
        const auto share = here.misses().add(failed, asked);
        const auto usual = std::max(share.slow_per_mille, 10U);
        const auto share_max = limits.misses_times * usual + limits.misses_over_per_mille;
        if (share.fast_failed >= limits.misses_min && share.fast_per_mille > share_max)
            raise(alarm_reason::misses, agency, share.fast_per_mille, share_max);
        const std::uint64_t usual_day = all_.volume_of(agency).subjects_a_day;
        if (usual_day == 0) return;
        const auto a_day = std::max<std::uint64_t>(usual_day * limits.surge_times, 1);
        const auto interval_ns = std::max<std::uint64_t>(static_cast<std::uint64_t>(day_ns) / a_day, 1);
        const auto burst =
            std::max<std::uint64_t>(usual_day * limits.surge_burst_per_mille / 1000, limits.surge_burst_min);
        const auto now_ns = std::clamp<std::int64_t>(asker_.now_unix_ms, 0, latest_ms) * 1'000'000;
        const auto in_time = basic_rate_cell<word_table::word>::charge(here.surge(), interval_ns, burst, now_ns, asked);
        if (in_time < asked) raise(alarm_reason::surge, agency, burst + asked - in_time, burst);
    }

    void look_at_subjects(std::uint16_t agency, std::size_t place, std::uint32_t grown) noexcept {
        const auto here = all_.at(place);
        const auto before = here.growth().fetch_add(grown, std::memory_order_relaxed);
        const auto after = before + grown;
        if (before / growth_a_look_day == after / growth_a_look_day) return;
        const auto& limits = all_.options.thresholds;
        const auto& volume = all_.volume_of(agency);
        const auto day_max = std::uint64_t{volume.subjects_a_day} * limits.subjects_a_day_percent / 100;
        const auto today = static_cast<std::uint64_t>(here.sketch().day_estimate(day_.day));
        if (day_max != 0 && today > day_max) raise(alarm_reason::subjects_a_day, agency, today, day_max);
        if (before / growth_a_look_year == after / growth_a_look_year) return;
        const auto year_max = std::uint64_t{volume.subjects_a_year} * limits.subjects_a_year_percent / 100;
        const auto year = static_cast<std::uint64_t>(here.sketch().year_estimate(day_.month));
        if (year_max != 0 && year > year_max) raise(alarm_reason::subjects_a_year, agency, year, year_max);
    }

    void note_officer() noexcept {
        // The officer is of the agency that each request names: mostly one.
        for (std::uint32_t from = 0; from < count_;) {
            auto to = from + 1;
            while (to < count_ && agencies_[to] == agencies_[from]) ++to;
            if (const auto officer = all_.quotas.officer_place(agencies_[from], asker_.officer)) {
                bool is_new = false;
                for (auto k = from; k < to; ++k) is_new |= all_.officers.add(*officer, places_[k], day_.mark());
                const auto limit = all_.options.thresholds.officer_subjects_a_day;
                if (is_new)
                    if (const auto seen = all_.officers.estimate(*officer, day_.mark()); seen > limit)
                        raise(alarm_reason::officer_subjects, agencies_[from], static_cast<std::uint64_t>(seen), limit,
                              asker_.officer);
            } else {
                all_.raise_full(agencies_[from], to - from, asker_.now_unix_ms, day_.day);
            }
            from = to;
        }
    }

    void look_for_decoys() noexcept {
        for (std::uint32_t k = 0; k < count_; ++k)
            if (all_.decoys.may_have(places_[k]) && all_.decoys.has(ids_[k])) [[unlikely]]
                raise(alarm_reason::decoy, agencies_[k], 1, 0, ids_[k]);
    }

    void look_at_heavy(std::uint64_t id, std::uint32_t surely) noexcept {
        if (surely % heavy_a_look != 0) return;
        const auto limit = all_.options.thresholds.heavy_subject_a_day;
        const auto everywhere = all_.heavy.of(all_.places(id), id, day_.day).surely;
        if (everywhere <= limit) return;
        const auto at = std::find(ids_.begin(), ids_.begin() + count_, id) - ids_.begin();
        raise(alarm_reason::heavy_subject, agencies_[static_cast<std::size_t>(at)], everywhere, limit, id);
    }

    guards::impl& all_;
    const guard_asker& asker_;
    guard_day day_;
    std::uint32_t count_ = 0;
    std::uint32_t failed_count_ = 0;
    bool is_of_one_agency_ = true;
    // One place more: what is not answered is written there too, and not kept.
    std::array<std::uint64_t, block_max + 1> ids_;
    std::array<std::uint64_t, block_max + 1> places_;
    std::array<std::uint16_t, block_max + 1> agencies_;
    std::array<std::uint16_t, block_max + 1> failures_;
};

void guards::settle(std::span<const request> requests, std::span<const rule* const> rules,
                    std::span<const verdict> verdicts, const guard_asker& asker) noexcept {
    assert(requests.size() <= block_max && rules.size() == requests.size() && verdicts.size() == requests.size());
    static_cast<void>(rules);
    impl::settling{*impl_, asker}.run(requests, verdicts);
}

}  // namespace xacthuc::inline v0_1
