// SPDX-License-Identifier: Apache-2.0
// Rules of every kind, and rules that are narrower than another.
#pragma once

#include <random>
#include <xacthuc/policy/rule.hpp>
#include <xacthuc/policy/rule_field.hpp>

namespace xacthuc::tests {

class random_rules {
  public:
    explicit random_rules(std::uint64_t seed) : random_{seed} {}

    [[nodiscard]] rule next() {
        rule r{.may_ask = static_cast<claim_mask>(number(all_claims)),
               .must_ask = static_cast<claim_mask>(number(all_claims) & number(all_claims) & number(all_claims)),
               .valid_from = static_cast<std::uint16_t>(number(9'000)),
               .valid_to = static_cast<std::uint16_t>(9'000 + number(50'000)),
               .proof = static_cast<proof_mask>(number(3)),
               .answer = static_cast<answer_detail>(number(1)),
               .account_level_at_least = static_cast<account_level>(number(3)),
               .consent = static_cast<consent_basis>(number(1)),
               .delegate_depth = static_cast<std::uint8_t>(number(3)),
               .misses_per_citizen_day = static_cast<std::uint8_t>(number(misses_no_limit)),
               .per_second = limit(),
               .per_day = limit(),
               .officer_per_day = limit(),
               .proof_age_max_ms = limit()};
        if (number(9) == 0) r.refusal = outcome::not_permitted;
        return r;
    }
    [[nodiscard]] rule narrowed(const rule& parent) {
        auto made = parent;
        for (const auto field : all_rule_fields())
            if (number(2) == 0) made = with_field(made, field, meet(parent, next()));
        return made;
    }
    [[nodiscard]] std::uint32_t number(std::uint32_t most) {
        return std::uniform_int_distribution<std::uint32_t>{0, most}(random_);
    }

  private:
    [[nodiscard]] std::uint32_t limit() { return number(2) == 0 ? no_limit : 1 + number(100'000); }

    std::mt19937_64 random_;
};

}  // namespace xacthuc::tests
