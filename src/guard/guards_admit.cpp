// SPDX-License-Identifier: Apache-2.0
// Whether the requests of a block may be looked up: suspensions, quotas, and the misses of each citizen.
#include <algorithm>
#include <array>
#include <cassert>

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
              const guard_asker& asker, std::span<outcome> refused) noexcept
        : all_{all},
          requests_{requests},
          rules_{rules},
          asker_{asker},
          refusals_{refused.first(requests.size())},
          day_{all.day_at(asker.now_unix_ms)} {}

    [[nodiscard]] bool run() noexcept {
        if (requests_.empty()) return true;
        if (all_.suspended_count.load(std::memory_order_relaxed) != 0) refuse_suspended();
        is_of_one_pair_ = is_of_one_pair();
        if (is_of_one_pair_)
            charge_one_pair();
        else
            charge_pairs();
        if ((asker_.proofs & holder_proved) == 0) check_misses();
        return !refusals_.any();
    }

  private:
    [[nodiscard]] bool is_of_one_pair() const noexcept {
        const auto first_pair = requests_[0].words[3];
        std::uint64_t different = 0;
        for (const auto& each : requests_) different |= each.words[3] ^ first_pair;
        std::uintptr_t other_rules = 0;
        for (const auto* const each : rules_)
            other_rules |= reinterpret_cast<std::uintptr_t>(each) ^ reinterpret_cast<std::uintptr_t>(rules_[0]);
        return different >> 32 == 0 && other_rules == 0;
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

    // The least budget of the block's rules.
    [[nodiscard]] unsigned least_budget() const noexcept {
        if (is_of_one_pair_) return rules_[0]->misses_per_citizen_day;
        unsigned least = misses_no_limit;
        for (const auto* const each : rules_) least = std::min<unsigned>(least, each->misses_per_citizen_day);
        return least;
    }

    void check_misses() noexcept {
        const auto least = least_budget();
        if (least >= misses_no_limit) return;
        std::array<std::uint16_t, block_max + 1> in_doubt;
        std::size_t count = 0;
        const auto day = day_.day;
        const auto place_of = all_.places;
        const auto filter = all_.misses.filter();
        const bool is_below_filter = least < all_.options.misses.filter_from;
        const auto asked = requests_;
        for (std::size_t i = 0; i < asked.size(); ++i) {
            in_doubt[count] = static_cast<std::uint16_t>(i);
            count += filter.may_have_reached(place_of(asked[i].id()), day) | is_below_filter;
        }
        if (count == 0) return;
        for (std::size_t k = 0; k < count; ++k) all_.misses.prefetch(place_of(asked[in_doubt[k]].id()));
        for (std::size_t k = 0; k < count; ++k) {
            const auto i = in_doubt[k];
            const unsigned budget = rules_[i]->misses_per_citizen_day;
            if (budget >= misses_no_limit || all_.misses.count(place_of(asked[i].id()), day) < budget) continue;
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
    refusals refusals_;
    guard_day day_;
    bool is_of_one_pair_ = false;
};

bool guards::admit(std::span<const request> requests, std::span<const rule* const> rules, const guard_asker& asker,
                   std::span<outcome> refused) noexcept {
    assert(requests.size() <= block_max && rules.size() == requests.size() && refused.size() >= requests.size());
    return impl::admitting{*impl_, requests, rules, asker, refused}.run();
}

}  // namespace xacthuc::inline v0_1
