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
        case outcome::proof_expired:
            return "proof_expired";
        case outcome::proof_not_yet_valid:
            return "proof_not_yet_valid";
        case outcome::proof_repeated:
            return "proof_repeated";
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
