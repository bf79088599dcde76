// SPDX-License-Identifier: Apache-2.0
// Whether the requests of a block may be looked up: suspensions, quotas, and the misses of each citizen.
#include <algorithm>
#include <array>
#include <numeric>

#include "domain/contract.hpp"
#include "guard/guard_lanes.hpp"
#include "guard/guards_impl.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr auto block_max = guards::block_max;

// The refusals of a block; nothing is written before there is one.
class refusals {
  public:
    explicit refusals(std::span<outcome> to) noexcept : to_{to} {}

    void refuse(std::size_t i, outcome why) noexcept {
        if (!any_) std::ranges::fill(to_, outcome::verified);
        any_ = true;
        if (to_[i] == outcome::verified) to_[i] = why;
    }
    [[nodiscard]] bool any() const noexcept { return any_; }
    [[nodiscard]] bool is_admitted(std::size_t i) const noexcept { return !any_ || to_[i] == outcome::verified; }

  private:
    std::span<outcome> to_;
    bool any_ = false;
};

[[nodiscard]] std::uint32_t pair_of(const request& asked) noexcept {
    return static_cast<std::uint32_t>(asked.words[3] >> 32);
}
[[nodiscard]] bool is_limited(const rule& by) noexcept {
    return by.per_second != no_limit || by.per_day != no_limit || by.officer_per_day != no_limit;
}

// How many requests of a block are of each pair.
class pair_tallies {
  public:
    struct tally {
        std::uint32_t pair = 0;
        std::uint32_t count = 0;
        const rule* by = nullptr;
        std::uint32_t granted = 0;
    };

    [[nodiscard]] tally& of(std::uint32_t pair, const rule* by) noexcept {
        std::size_t at = (pair * 0x9e37'79b1U) >> 22;
        for (;; at = (at + 1) % places_.size()) {
            auto& number = places_[at];
            if (number == 0) {
                tallies_[count_] = {pair, 0, by, 0};
                number = static_cast<std::uint16_t>(++count_);
                return tallies_[count_ - 1];
            }
            if (tallies_[number - 1U].pair == pair && tallies_[number - 1U].by == by) return tallies_[number - 1U];
        }
    }
    [[nodiscard]] std::span<tally> all() noexcept { return {tallies_.data(), count_}; }

  private:
    std::array<std::uint16_t, 1024> places_{};
    std::array<tally, block_max> tallies_;
    std::size_t count_ = 0;
};

}  // namespace

class guards::impl::admitting {
  public:
    admitting(guards::impl& all, std::span<const request> requests, std::span<const rule* const> rules,
              const guard_asker& asker, std::span<outcome> refused, guard_block* found) noexcept
        : all_{all},
          requests_{requests},
          rules_{rules},
          asker_{asker},
          found_{found},
          refusals_{refused.first(requests.size())},
          day_{all.day_at(asker.now_unix_ms)} {}

    [[nodiscard]] bool run() noexcept {
        if (requests_.empty()) return true;
        look();
        if (all_.suspended_count.load(std::memory_order_relaxed) != 0) refuse_suspended();
        if (is_of_one_pair_)
            charge_one_pair();
        else
            charge_pairs();
        if (in_doubt_count_ != 0) check_misses();
        return !refusals_.any();
    }

  private:
    // What every question needs, in one pass: whether all are of one pair, and whose misses may be used up.
    void look() noexcept {
        std::uintptr_t other_rules = 0;
        unsigned least_budget = misses_no_limit;
        for (const auto* const each : rules_)
            other_rules |= reinterpret_cast<std::uintptr_t>(each) ^ reinterpret_cast<std::uintptr_t>(rules_[0]);
        if (other_rules == 0)
            least_budget = rules_[0]->misses_per_citizen_day;
        else
            for (const auto* const each : rules_)
                least_budget = std::min<unsigned>(least_budget, each->misses_per_citizen_day);
        const auto other_pairs = pairs_other_than(requests_[0].words[3]);
        is_of_one_pair_ = other_pairs >> 32 == 0 && other_rules == 0;
        if (found_ != nullptr) found_->is_of_one_agency = request_layout::agency.get(other_pairs) == 0;
        const bool has_budgets = least_budget < misses_no_limit && (asker_.proofs & holder_proved) == 0;
        if (found_ == nullptr && !has_budgets) return;
        places_ = found_ != nullptr ? found_->places.data() : own_places_.data();
        lanes_.find_places(requests_, all_.places, places_);
        if (!has_budgets) return;
        if (least_budget >= all_.options.misses.filter_from) {
            in_doubt_count_ =
                lanes_.list_doubted({places_, requests_.size()}, all_.misses.filter(day_.day), in_doubt_.data());
        } else {
            in_doubt_count_ = requests_.size();
            std::iota(in_doubt_.begin(), in_doubt_.begin() + requests_.size(), std::uint16_t{0});
        }
    }
    // In what pairs differ.
    [[nodiscard]] std::uint64_t pairs_other_than(std::uint64_t first_pair) const noexcept {
        std::uint64_t others = 0;
        for (const auto& each : requests_) others |= each.words[3] ^ first_pair;
        return others;
    }

    void refuse_suspended() noexcept {
        for (std::size_t i = 0; i < requests_.size(); ++i)
            if (all_.is_suspended(requests_[i].agency())) refusals_.refuse(i, outcome::alarm_suspended);
    }

    // Charges what one pair asks; what the officer may not ask any more is not charged to the pair.
    [[nodiscard]] std::uint32_t charge(std::uint32_t pair, const rule& by, std::uint32_t wanted) noexcept {
        if (!is_limited(by)) return wanted;
        const auto agency = static_cast<std::uint16_t>(pair);
        const auto procedure = static_cast<std::uint16_t>(pair >> 16);
        auto by_officer = wanted;
        std::optional<std::size_t> officer;
        if (by.officer_per_day != no_limit) {
            officer = all_.quotas.officer_place(agency, asker_.officer);
            if (!officer) {
                all_.raise_full(agency, wanted, asker_.now_unix_ms, day_.day);
                return 0;
            }
            by_officer = all_.quotas.charge_officer(*officer, by.officer_per_day, day_.day, wanted);
        }
        if (by_officer == 0) return 0;
        const auto granted =
            requests_.size() == 1
                ? std::uint32_t{all_.quotas.charge_one(agency, procedure, by, asker_.now_unix_ms, day_.day)}
                : all_.quotas.charge(agency, procedure, by, asker_.now_unix_ms, day_.day, by_officer);
        if (officer) all_.quotas.give_back_officer(*officer, day_.day, by_officer - granted);
        return granted;
    }

    void charge_one_pair() noexcept {
        const auto& by = *rules_[0];
        if (!is_limited(by) || !refusals_.is_admitted(0)) return;
        const auto count = static_cast<std::uint32_t>(requests_.size());
        const auto granted = charge(pair_of(requests_[0]), by, count);
        for (std::size_t i = granted; i < requests_.size(); ++i) refusals_.refuse(i, outcome::quota_used_up);
    }

    void charge_pairs() noexcept {
        const auto asks = [this](std::size_t i) { return is_limited(*rules_[i]) && refusals_.is_admitted(i); };
        pair_tallies tallies;
        for (std::size_t i = 0; i < requests_.size(); ++i)
            if (asks(i)) ++tallies.of(pair_of(requests_[i]), rules_[i]).count;
        for (const auto& each : tallies.all())
            all_.quotas.prefetch(static_cast<std::uint16_t>(each.pair), static_cast<std::uint16_t>(each.pair >> 16));
        bool is_all = true;
        for (auto& each : tallies.all()) {
            each.granted = charge(each.pair, *each.by, each.count);
            is_all &= each.granted == each.count;
        }
        if (is_all) return;
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            if (!asks(i)) continue;
            auto& its = tallies.of(pair_of(requests_[i]), rules_[i]);
            if (its.granted == 0)
                refusals_.refuse(i, outcome::quota_used_up);
            else
                --its.granted;
        }
    }

    void check_misses() noexcept {
        for (std::size_t k = 0; k < in_doubt_count_; ++k) all_.misses.prefetch(places_[in_doubt_[k]]);
        for (std::size_t k = 0; k < in_doubt_count_; ++k) {
            const auto i = in_doubt_[k];
            const unsigned budget = rules_[i]->misses_per_citizen_day;
            if (budget >= misses_no_limit || all_.misses.count(places_[i], day_.day) < budget) continue;
            if (!refusals_.is_admitted(i)) continue;
            refusals_.refuse(i, outcome::misses_used_up);
            note_budget_used_up(i);
        }
    }

    void note_budget_used_up(std::size_t i) noexcept {
        const auto agency = requests_[i].agency();
        auto& count = all_.at(all_.place_of(agency)).budgets_used_up();
        static_cast<void>(basic_day_count<word_table::word>::charge(count, ~std::uint32_t{0}, day_.day, 1));
        const auto used = basic_day_count<word_table::word>::used(count.load(std::memory_order_relaxed), day_.day);
        const auto limit = all_.options.thresholds.budgets_used_up_a_day;
        if (used > limit)
            all_.raise(alarm_reason::budgets_used_up, agency, used, limit, 0, asker_.now_unix_ms, day_.day);
    }

    guards::impl& all_;
    std::span<const request> requests_;
    std::span<const rule* const> rules_;
    const guard_asker& asker_;
    guard_block* found_;
    refusals refusals_;
    guard_day day_;
    bool is_of_one_pair_ = false;
    const guard_lanes& lanes_ = chosen_guard_lanes();
    std::uint64_t* places_ = nullptr;
    std::size_t in_doubt_count_ = 0;
    std::array<std::uint16_t, block_max + list_slack> in_doubt_;
    std::array<std::uint64_t, block_max> own_places_;  // where nobody else wants to have them
};

bool guards::admit(std::span<const request> requests, std::span<const rule* const> rules, const guard_asker& asker,
                   std::span<outcome> refused, guard_block* found) noexcept {
    constexpr auto* call = "guards::admit";
    const contract::counted asked{requests.size(), "requests"};
    contract::room_for(call, {block_max, "at most"}, asked);
    contract::as_many(call, {rules.size(), "rules"}, asked);
    contract::room_for(call, {refused.size(), "places for refusals"}, asked);
    return impl::admitting{*impl_, requests, rules, asker, refused, found}.run();
}

}  // namespace xacthuc::inline v0_1
