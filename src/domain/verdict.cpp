// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <xacthuc/domain/verdict.hpp>

#include "domain/worded.hpp"

namespace xacthuc::inline v0_1 {

namespace {

constexpr std::array<std::string_view, claim_count> mismatches{
    "name_mismatch",     "name_exact_mismatch",       "birth_date_mismatch",    "sex_mismatch",
    "life_mismatch",     "registration_mismatch",     "account_level_mismatch", "account_mismatch",
    "document_mismatch", "province_mismatch",         "ward_mismatch",          "document_not_valid_on",
    "born_later",        "account_level_insufficient"};

constexpr auto others = std::to_array<worded<outcome>>({
    {outcome::verified, "verified"},
    {outcome::not_found, "not_found"},
    {outcome::superseded, "superseded"},
    {outcome::deceased, "deceased"},
    {outcome::missing, "missing"},
    {outcome::registration_not_active, "registration_not_active"},
    {outcome::locked_by_holder, "locked_by_holder"},
    {outcome::incomplete, "incomplete"},
    {outcome::not_verified, "not_verified"},
    {outcome::unknown_agency, "unknown_agency"},
    {outcome::unknown_procedure, "unknown_procedure"},
    {outcome::not_permitted, "not_permitted"},
    {outcome::claim_not_permitted, "claim_not_permitted"},
    {outcome::required_claim_missing, "required_claim_missing"},
    {outcome::proof_missing, "proof_missing"},
    {outcome::account_level_too_low, "account_level_too_low"},
    {outcome::consent_missing, "consent_missing"},
    {outcome::policy_not_valid, "policy_not_valid"},
    {outcome::agency_suspended, "agency_suspended"},
    {outcome::proof_expired, "proof_expired"},
    {outcome::proof_not_yet_valid, "proof_not_yet_valid"},
    {outcome::proof_repeated, "proof_repeated"},
    {outcome::proofs_full, "proofs_full"},
    {outcome::quota_used_up, "quota_used_up"},
    {outcome::misses_used_up, "misses_used_up"},
    {outcome::alarm_suspended, "alarm_suspended"},
    {outcome::bad_signature, "bad_signature"},
    {outcome::no_key_registered, "no_key_registered"},
    {outcome::key_revoked, "key_revoked"},
    {outcome::malformed, "malformed"},
    {outcome::damaged_record, "damaged_record"},
    {outcome::ledger_full, "ledger_full"},
    {outcome::ledger_stopped, "ledger_stopped"},
    {outcome::elsewhere, "elsewhere"},
});

constexpr auto grades = std::to_array<worded<name_grade>>({
    {name_grade::folded, "folded"},
    {name_grade::exact, "exact"},
    {name_grade::marks_differ, "marks_differ"},
});

}  // namespace

std::string_view to_string(outcome what) noexcept {
    if (what >= outcome::claim_mismatch && what < outcome::claim_mismatch_end)
        return mismatches[static_cast<std::size_t>(what) - static_cast<std::size_t>(outcome::claim_mismatch)];
    return words_of(others, what, "unknown_outcome");
}

std::string_view to_string(name_grade grade) noexcept {
    return words_of(grades, grade, "");
}

}  // namespace xacthuc::inline v0_1
