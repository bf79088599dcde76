// SPDX-License-Identifier: Apache-2.0
// The part of the first stage that looks at each request: may this agency ask this, by this procedure, now, with what
// came along?
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/engine/request_batch.hpp>
#include <xacthuc/policy/policy_table.hpp>
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::inline v0_1 {

// What holds for all requests of a call.
struct asking {
    const policy_table* policy = nullptr;  // null: everybody may ask everything
    proof_mask proofs = 0;
    // Who asks, where that is known: a request that names another agency gets `of_others`.
    std::optional<std::uint16_t> agency{};
    outcome of_others = outcome::bad_signature;
    // As policy_day_of(); none where the call has no time: then no policy is valid.
    std::optional<std::uint16_t> day{};
    std::uint32_t agency_proof_age_ms = 0;  // 0 where there is none

    // Why a request is refused, or verified.
    [[nodiscard]] outcome of(const request& q, const rule& by) const noexcept {
        if (agency && q.agency() != *agency) return of_others;
        if (policy == nullptr) return outcome::verified;
        if (by.refusal != outcome::verified) return by.refusal;
        if (!day) return outcome::policy_not_valid;
        const auto allowed = permits(by, {.claims = q.claims(), .proofs = proofs, .day = *day});
        if (allowed != outcome::verified) return allowed;
        return agency_proof_age_ms > by.proof_age_max_ms ? outcome::proof_expired : outcome::verified;
    }
};

// The same for many, all of a call: zero where of() is verified. Without a branch, as it is asked of every request.
class quick_look {
  public:
    explicit quick_look(const asking& all) noexcept
        : policy_{*all.policy},
          missing_{static_cast<std::uint64_t>(~all.proofs & (agency_proved | holder_proved))},
          day_{all.day.value_or(0)},
          age_ms_{all.agency_proof_age_ms},
          always_{std::uint64_t{!all.day}},
          agency_{all.agency.value_or(0)},
          agency_bits_{all.agency ? 0xffffU : 0U} {}

    [[nodiscard, gnu::always_inline]] const rule& rule_of(const request& q) const noexcept {
        return policy_.of(q.agency(), q.procedure());
    }
    [[nodiscard, gnu::always_inline]] std::uint64_t refuses(const request& q, const rule& by) const noexcept {
        return refuses(q.claims(), named_by(q.claims()), q.agency(), by);
    }
    // The same of many of one agency and procedure, by what any of them and what all of them claim.
    [[nodiscard]] std::uint64_t refuses_any(std::span<const request> of_one_pair, const rule& by) const noexcept {
        std::uint64_t claimed = 0;
        auto named = ~std::uint64_t{0};
        for (const auto& q : of_one_pair) {
            claimed |= q.claims();
            named &= named_by(q.claims());
        }
        return refuses(claimed, named, of_one_pair.front().agency(), by);
    }

  private:
    // Who claims the exact name claims the name.
    [[nodiscard, gnu::always_inline]] static std::uint64_t named_by(std::uint64_t claims) noexcept {
        return claims | (claims >> static_cast<unsigned>(claim::name_exact) & 1U) << static_cast<unsigned>(claim::name);
    }
    [[nodiscard, gnu::always_inline]] std::uint64_t refuses(std::uint64_t claims, std::uint64_t named,
                                                            std::uint32_t agency, const rule& by) const noexcept {
        const std::uint64_t needed = by.proof | std::uint64_t{by.consent == consent_basis::holder} * holder_proved;
        return (claims & ~std::uint64_t{by.may_ask}) | (by.must_ask & ~named) | (needed & missing_) |
               static_cast<std::uint64_t>(by.refusal) | std::uint64_t{day_ < by.valid_from} |
               std::uint64_t{day_ > by.valid_to} | std::uint64_t{age_ms_ > by.proof_age_max_ms} |
               ((agency ^ agency_) & agency_bits_) | always_;
    }

    const policy_table& policy_;
    std::uint64_t missing_;
    std::uint16_t day_;
    std::uint32_t age_ms_;
    std::uint64_t always_;
    std::uint32_t agency_;
    std::uint32_t agency_bits_;
};

}  // namespace xacthuc::inline v0_1
