// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <xacthuc/domain/verdict.hpp>

namespace xacthuc::inline v0_1 {

std::string_view to_string(outcome what) noexcept {
    static constexpr std::array<std::string_view, claim_count> mismatches{
        "name_mismatch",     "name_exact_mismatch",       "birth_date_mismatch",    "sex_mismatch",
        "life_mismatch",     "registration_mismatch",     "account_level_mismatch", "account_mismatch",
        "document_mismatch", "province_mismatch",         "ward_mismatch",          "document_not_valid_on",
        "born_later",        "account_level_insufficient"};
    if (what >= outcome::claim_mismatch && what < outcome::claim_mismatch_end)
        return mismatches[static_cast<std::size_t>(what) - static_cast<std::size_t>(outcome::claim_mismatch)];
    switch (what) {
        case outcome::verified:
            return "verified";
        case outcome::not_found:
            return "not_found";
        case outcome::superseded:
            return "superseded";
        case outcome::deceased:
            return "deceased";
        case outcome::missing:
            return "missing";
        case outcome::registration_not_active:
            return "registration_not_active";
        case outcome::locked_by_holder:
            return "locked_by_holder";
        case outcome::incomplete:
            return "incomplete";
        case outcome::not_verified:
            return "not_verified";
        case outcome::unknown_agency:
            return "unknown_agency";
        case outcome::unknown_procedure:
            return "unknown_procedure";
        case outcome::not_permitted:
            return "not_permitted";
        case outcome::claim_not_permitted:
            return "claim_not_permitted";
        case outcome::required_claim_missing:
            return "required_claim_missing";
        case outcome::proof_missing:
            return "proof_missing";
        case outcome::account_level_too_low:
            return "account_level_too_low";
        case outcome::consent_missing:
            return "consent_missing";
        case outcome::policy_not_valid:
            return "policy_not_valid";
        case outcome::agency_suspended:
            return "agency_suspended";
        case outcome::proof_expired:
            return "proof_expired";
        case outcome::proof_not_yet_valid:
            return "proof_not_yet_valid";
        case outcome::proof_repeated:
            return "proof_repeated";
        case outcome::proofs_full:
            return "proofs_full";
        case outcome::quota_used_up:
            return "quota_used_up";
        case outcome::misses_used_up:
            return "misses_used_up";
        case outcome::alarm_suspended:
            return "alarm_suspended";
        case outcome::bad_signature:
            return "bad_signature";
        case outcome::no_key_registered:
            return "no_key_registered";
        case outcome::key_revoked:
            return "key_revoked";
        case outcome::malformed:
            return "malformed";
        case outcome::damaged_record:
            return "damaged_record";
        default:
            return "unknown_outcome";
    }
}

std::string_view to_string(name_grade grade) noexcept {
    switch (grade) {
        case name_grade::folded:
            return "folded";
        case name_grade::exact:
            return "exact";
        case name_grade::marks_differ:
            return "marks_differ";
        default:
            return "";
    }
}

}  // namespace xacthuc::inline v0_1
