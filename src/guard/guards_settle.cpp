// SPDX-License-Identifier: Apache-2.0
// What an answered block means for the budgets, the estimates and the alarms.
#include <algorithm>
#include <array>

#include "domain/contract.hpp"
#include "guard/guard_lanes.hpp"
#include "guard/guards_impl.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::int64_t day_ns = 86'400'000'000'000;
constexpr std::int64_t latest_ms = 4'102'444'800'000;  // the year 2100: in nanoseconds it fits
// A year's estimate is looked at each time so many registers of the month's sketch grew: about one more citizen in 256.
constexpr std::uint64_t growth_a_look_year = 256;
// A citizen's questions through all threads are added up each time one thread has seen so many.
constexpr std::uint32_t heavy_a_look = 16;

}  // namespace

class guards::impl::settling {
  public:
    settling(guards::impl& all, const guard_asker& asker) noexcept
        : all_{all}, asker_{asker}, day_{all.day_at(asker.now_unix_ms)} {}

    void run(std::span<const request> requests, std::span<const verdict> verdicts, const guard_block* found) noexcept {
        if (!are_all_answers(verdicts)) return run_answered(requests, verdicts);
        if (requests.empty()) return;
        requests_ = requests;
        if (found != nullptr) {
            is_of_one_agency_ = found->is_of_one_agency;
            places_ = found->places.data();
        } else {
            is_of_one_agency_ = std::ranges::all_of(
                requests, [&](const request& each) { return each.agency() == requests[0].agency(); });
            lanes_.find_places(requests, all_.places, own_places_.data());
            places_ = own_places_.data();
        }
        take(verdicts);
        for (std::size_t f = 0; f < failed_count_; ++f) all_.misses.add(place_of(failures_[f]), day_.day);
        if (is_of_one_agency_)
            note_one_agency();
        else
            note_agencies();
        if (asker_.officer != 0) note_officer();
    }

  private:
    [[nodiscard]] static bool are_all_answers(std::span<const verdict> verdicts) noexcept {
        // Bit 10 of the sum is set from unknown_agency on.
        constexpr unsigned beyond = 1024 - static_cast<unsigned>(outcome::unknown_agency);
        unsigned sums = 0;
        for (const auto& each : verdicts) sums |= static_cast<unsigned>(each.outcome()) + beyond;
        return (sums >> 10 & 1U) == 0;
    }

    void run_answered(std::span<const request> requests, std::span<const verdict> verdicts) noexcept {
        std::array<request, block_max> answered;
        std::array<verdict, block_max> answers;
        std::size_t count = 0;
        for (std::size_t i = 0; i < requests.size(); ++i) {
            if (verdicts[i].outcome() >= outcome::unknown_agency) continue;
            answered[count] = requests[i];
            answers[count] = verdicts[i];
            ++count;
        }
        run({answered.data(), count}, {answers.data(), count}, nullptr);
    }

    [[nodiscard]] std::uint64_t place_of(std::size_t i) const noexcept { return places_[i]; }

    // What every question needs. All failures are taken alike, so that the time of an answer does not tell why it
    // failed. The lines of their counters are fetched while the questions after them are looked at.
    void take(std::span<const verdict> verdicts) noexcept {
        constexpr std::size_t at_once = 64;
        auto most = all_.heavy.add_on(day_.day);
        for (std::size_t from = 0; from < verdicts.size(); from += at_once) {
            const auto end = std::min(from + at_once, verdicts.size());
            auto* const failures = failures_.data() + failed_count_;
            const auto failed = lanes_.list_failed(verdicts.subspan(from, end - from), failures);
            for (std::size_t f = 0; f < failed; ++f) {
                failures[f] = static_cast<std::uint16_t>(failures[f] + from);
                all_.misses.prefetch(place_of(failures[f]));
            }
            failed_count_ += static_cast<std::uint32_t>(failed);
            for (auto i = from; i < end; ++i)
                if (most.add(place_of(i))) [[unlikely]]
                    look_at_watched(i, most.track(place_of(i), requests_[i].id()));
        }
        most.note_asked(verdicts.size());
    }

    void note_one_agency() noexcept {
        const auto agency = requests_[0].agency();
        const auto place = all_.place_of(agency);
        note_agency(agency, failed_count_, static_cast<std::uint32_t>(requests_.size()));
        auto sketch = all_.at(place).sketch();
        subject_sketch::growth grown;
        std::array<std::uint16_t, block_max + list_slack> growing;
        const auto growing_count = lanes_.list_growing({places_, requests_.size()}, sketch, day_.day, growing.data());
        for (std::size_t g = 0; g < growing_count; ++g) sketch.add(place_of(growing[g]), day_.date(), grown);
        if (!grown.none()) look_at_subjects(agency, place, grown);
    }

    // What a block has of one agency.
    struct agency_tally {
        std::uint16_t agency = 0;
        std::size_t place = 0;
        std::uint64_t last_that_grows = 0;
        std::uint32_t asked = 0;
        std::uint32_t failed = 0;
        subject_sketch::growth grown{};
    };

    void note_agencies() noexcept {
        std::array<std::uint16_t, 1024> numbers{};  // of tallies plus one, by agency
        std::array<agency_tally, block_max> tallies;
        std::size_t count = 0;
        const auto tally_of = [&](std::uint16_t agency) -> agency_tally& {
            for (std::size_t at = agency;; ++at) {
                auto& number = numbers[at % numbers.size()];
                if (number == 0) {
                    const auto place = all_.place_of(agency);
                    tallies[count] = {agency, place, all_.at(place).sketch().last_place_that_grows(day_.day)};
                    number = static_cast<std::uint16_t>(++count);
                    return tallies[count - 1];
                }
                if (tallies[number - 1U].agency == agency) return tallies[number - 1U];
            }
        };
        for (std::uint32_t f = 0; f < failed_count_; ++f) ++tally_of(requests_[failures_[f]].agency()).failed;
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            auto& its = tally_of(requests_[i].agency());
            ++its.asked;
            if (const auto place = place_of(i); place <= its.last_that_grows)
                all_.at(its.place).sketch().add(place, day_.date(), its.grown);
        }
        for (std::size_t k = 0; k < count; ++k) {
            const auto& its = tallies[k];
            note_agency(its.agency, its.failed, its.asked);
            if (!its.grown.none()) look_at_subjects(its.agency, its.place, its.grown);
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

    void look_at_subjects(std::uint16_t agency, std::size_t place, const subject_sketch::growth& grown) noexcept {
        const auto here = all_.at(place);
        const auto& limits = all_.options.thresholds;
        const auto& volume = all_.volume_of(agency);
        const auto day_max = std::uint64_t{volume.subjects_a_day} * limits.subjects_a_day_percent / 100;
        const auto now = static_cast<std::uint64_t>(here.sketch().note(grown, day_.day));
        if (day_max != 0 && now > day_max) raise(alarm_reason::subjects_a_day, agency, now, day_max);
        if (grown.of_month == 0) return;
        const auto before = here.growth().fetch_add(grown.of_month, std::memory_order_relaxed);
        const auto year_max = std::uint64_t{volume.subjects_a_year} * limits.subjects_a_year_percent / 100;
        if (year_max == 0 || before / growth_a_look_year == (before + grown.of_month) / growth_a_look_year) return;
        const auto year = static_cast<std::uint64_t>(here.sketch().year_estimate(day_.month));
        if (year > year_max) raise(alarm_reason::subjects_a_year, agency, year, year_max);
    }

    void note_officer() noexcept {
        // The officer is of the agency that each request names: mostly one.
        for (std::size_t from = 0; from < requests_.size();) {
            const auto agency = requests_[from].agency();
            auto to = from + 1;
            while (to < requests_.size() && requests_[to].agency() == agency) ++to;
            if (const auto officer = all_.quotas.officer_place(agency, asker_.officer)) {
                bool is_new = false;
                for (auto i = from; i < to; ++i) is_new |= all_.officers.add(*officer, place_of(i), day_.mark());
                const auto limit = all_.options.thresholds.officer_subjects_a_day;
                if (is_new)
                    if (const auto seen = all_.officers.estimate(*officer, day_.mark()); seen > limit)
                        raise(alarm_reason::officer_subjects, agency, static_cast<std::uint64_t>(seen), limit,
                              asker_.officer);
            } else {
                all_.raise_full(agency, to - from, asker_.now_unix_ms, day_.day);
            }
            from = to;
        }
    }

    // A citizen in a watched row: a decoy, or one of the many who are asked about often.
    void look_at_watched(std::size_t i, std::uint32_t surely) noexcept {
        const auto id = requests_[i].id();
        const auto agency = requests_[i].agency();
        if (all_.decoys.has(id)) raise(alarm_reason::decoy, agency, 1, 0, id);
        if (surely == 0 || surely % heavy_a_look != 0) return;
        const auto limit = all_.options.thresholds.heavy_subject_a_day;
        const auto everywhere = all_.heavy.of(place_of(i), id, day_.day).surely;
        if (everywhere > limit) raise(alarm_reason::heavy_subject, agency, everywhere, limit, id);
    }

    guards::impl& all_;
    const guard_asker& asker_;
    guard_day day_;
    std::span<const request> requests_;
    std::uint32_t failed_count_ = 0;
    bool is_of_one_agency_ = true;
    const guard_lanes& lanes_ = chosen_guard_lanes();
    const std::uint64_t* places_ = nullptr;
    std::array<std::uint16_t, block_max + list_slack> failures_;
    std::array<std::uint64_t, block_max> own_places_;  // where nobody found them before
};

void guards::settle(std::span<const request> requests, std::span<const rule* const> rules,
                    std::span<const verdict> verdicts, const guard_asker& asker, const guard_block* found) noexcept {
    constexpr auto* call = "guards::settle";
    const contract::counted asked{requests.size(), "requests"};
    contract::room_for(call, {block_max, "at most"}, asked);
    contract::as_many(call, {rules.size(), "rules"}, asked);
    contract::as_many(call, {verdicts.size(), "verdicts"}, asked);
    impl::settling{*impl_, asker}.run(requests, verdicts, found);
}

}  // namespace xacthuc::inline v0_1
