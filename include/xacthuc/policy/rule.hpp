// SPDX-License-Identifier: Apache-2.0
// What one agency may ask by one procedure: 32 bytes, and which of two rules is the narrower.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/date.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// How much of an answer the asker sees; the narrower first.
enum class answer_detail : std::uint8_t {
    one_bit = 0,   // verified or not_verified: no mask, no grade, no reason
    per_claim = 1  // the whole verdict
};

// Which proofs have to come with a request; bits, and all that are set have to come.
using proof_mask = std::uint8_t;
inline constexpr proof_mask agency_proved = 1;  // the agency signed the batch, or the host knows it otherwise
inline constexpr proof_mask holder_proved = 2;  // the citizen signed the request

// What an agency's asking rests on; the narrower last.
enum class consent_basis : std::uint8_t {
    law = 0,    // the procedure's own legal basis
    holder = 1  // the citizen's consent: her proof over the request is that
};

// Days since 2000-01-01, the first of them and beyond the last.
inline constexpr std::uint16_t first_policy_day = 0;
inline constexpr std::uint16_t last_policy_day = 0xffff;  // 2179-06-06
// The day in which this moment lies in Vietnam, UTC+7; the first or last one for moments before and after.
// Complexity: constant.
[[nodiscard]] constexpr std::uint16_t policy_day_of(std::int64_t unix_ms) noexcept {
    constexpr std::int64_t ms_a_day = 86'400'000;
    constexpr std::int64_t first_ms = 946'684'800'000;  // 2000-01-01 in UTC
    constexpr std::int64_t ahead_ms = 7 * 3'600'000;
    if (unix_ms < first_ms - ahead_ms) return first_policy_day;
    return static_cast<std::uint16_t>(
        std::min<std::int64_t>((unix_ms - first_ms + ahead_ms) / ms_a_day, last_policy_day));
}

// A limit that there is not.
inline constexpr std::uint32_t no_limit = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint8_t misses_no_limit = 15;

struct alignas(32) rule {
    claim_mask may_ask = 0;
    claim_mask must_ask = 0;                      // `name` is asked by name_exact too
    std::uint16_t valid_from = first_policy_day;  // as policy_day_of(); both included
    std::uint16_t valid_to = last_policy_day;
    proof_mask proof = 0;
    answer_detail answer = answer_detail::per_claim;
    account_level account_level_at_least = account_level::unknown;  // of the holder whose proof comes with the request
    consent_basis consent = consent_basis::law;
    std::uint8_t delegate_depth = 0;                        // how many levels of agencies may be below this one
    std::uint8_t misses_per_citizen_day = misses_no_limit;  // 0 to 14; of all agencies together
    // Why nothing may be asked at all: one of unknown_agency, unknown_procedure, not_permitted, agency_suspended. Else
    // verified.
    outcome refusal = outcome::verified;
    std::uint32_t per_second = no_limit;  // requests of the agency by the procedure
    std::uint32_t per_day = no_limit;
    std::uint32_t officer_per_day = no_limit;   // requests of one officer of the agency
    std::uint32_t proof_age_max_ms = no_limit;  // how old a proof may be

    friend bool operator==(const rule&, const rule&) = default;
};
static_assert(sizeof(rule) == 32);

// The widest rule there is: what meet() leaves everything else as it is with.
inline constexpr rule widest_rule{.may_ask = all_claims, .delegate_depth = 0xff};

// The narrower of two rules in every field: what both permit. Associative, commutative and idempotent. Of two reasons
// to refuse everything the higher number stays.
// Complexity: constant.
// Concurrency: wait-free.
[[nodiscard]] constexpr rule meet(const rule& a, const rule& b) noexcept {
    return {.may_ask = static_cast<claim_mask>(a.may_ask & b.may_ask),
            .must_ask = static_cast<claim_mask>(a.must_ask | b.must_ask),
            .valid_from = std::max(a.valid_from, b.valid_from),
            .valid_to = std::min(a.valid_to, b.valid_to),
            .proof = static_cast<proof_mask>(a.proof | b.proof),
            .answer = std::min(a.answer, b.answer),
            .account_level_at_least = std::max(a.account_level_at_least, b.account_level_at_least),
            .consent = std::max(a.consent, b.consent),
            .delegate_depth = std::min(a.delegate_depth, b.delegate_depth),
            .misses_per_citizen_day = std::min(a.misses_per_citizen_day, b.misses_per_citizen_day),
            .refusal = std::max(a.refusal, b.refusal),
            .per_second = std::min(a.per_second, b.per_second),
            .per_day = std::min(a.per_day, b.per_day),
            .officer_per_day = std::min(a.officer_per_day, b.officer_per_day),
            .proof_age_max_ms = std::min(a.proof_age_max_ms, b.proof_age_max_ms)};
}

// Whether the child permits nothing that its parent does not.
[[nodiscard]] constexpr bool narrower(const rule& child, const rule& parent) noexcept {
    return meet(child, parent) == child;
}

// What is known of a request when it comes, before anything is looked up.
struct asked_context {
    claim_mask claims = 0;
    proof_mask proofs = 0;
    std::uint16_t day = first_policy_day;  // as policy_day_of()
};

// Whether a rule lets this be asked: verified, or the first reason that applies of: why the rule refuses everything,
// policy_not_valid, claim_not_permitted, required_claim_missing, proof_missing, consent_missing. The level of the
// holder's account is in the register, and is looked at after her proof: see permits_level().
// Complexity: constant.
// Concurrency: wait-free.
[[nodiscard]] constexpr outcome permits(const rule& by, const asked_context& asked) noexcept {
    if (by.refusal != outcome::verified) return by.refusal;
    if (asked.day < by.valid_from || asked.day > by.valid_to) return outcome::policy_not_valid;
    if ((asked.claims & ~by.may_ask) != 0) return outcome::claim_not_permitted;
    if (missing_claims(asked.claims, by.must_ask) != 0) return outcome::required_claim_missing;
    if ((by.proof & ~asked.proofs) != 0) return outcome::proof_missing;
    if (by.consent == consent_basis::holder && (asked.proofs & holder_proved) == 0) return outcome::consent_missing;
    return outcome::verified;
}

// Whether a rule lets the holder of an account of this level ask.
[[nodiscard]] constexpr bool permits_level(const rule& by, account_level holder) noexcept {
    return holder >= by.account_level_at_least;
}

// What the asker sees of a verdict: the whole of it, or of any that says of the citizen that something is not so,
// not_verified and no more. Reasons that are not about the citizen (3xx and above) stay as they are; where a holder's
// proof came with the request, it is about her as well that it is not her key's, and what level she has.
// Complexity: constant, without a branch on the verdict.
[[nodiscard]] constexpr verdict shown(const verdict& found, answer_detail detail,
                                      bool with_holder_proof = false) noexcept {
    const auto what = static_cast<std::uint16_t>(found.outcome());
    constexpr auto first_of_key = static_cast<unsigned>(outcome::bad_signature);
    constexpr auto last_of_key = static_cast<unsigned>(outcome::key_revoked);
    const auto is_about_proof = std::uint64_t{what - first_of_key <= last_of_key - first_of_key} |
                                std::uint64_t{what == static_cast<unsigned>(outcome::account_level_too_low)};
    const auto is_about_citizen = std::uint64_t{what - 1U < 299U} | (is_about_proof & std::uint64_t{with_holder_proof});
    const auto one_bit = std::uint64_t{detail == answer_detail::one_bit};
    const auto reduced = is_about_citizen * static_cast<std::uint64_t>(outcome::not_verified) +
                         (1 - is_about_citizen) * std::uint64_t{what};
    return verdict::from_bits(one_bit * reduced + (1 - one_bit) * found.bits());
}

// "one_bit", "per_claim"; "law", "holder": as framework files have them.
[[nodiscard]] XACTHUC_API std::string_view to_string(answer_detail value) noexcept;
[[nodiscard]] XACTHUC_API std::string_view to_string(consent_basis value) noexcept;

}  // namespace xacthuc::inline v0_1
