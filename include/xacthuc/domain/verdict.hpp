// SPDX-License-Identifier: Apache-2.0
// The answer to a request: 8 bytes that say what matched, never what the register holds.
#pragma once

#include <cstdint>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// Stable numbers; the hundreds say who must act. When several apply, the order of precedence is: malformed, technical,
// not found, superseded, a claim about who the person is that does not match, state of the record, a status claim that
// does not match, incomplete. The outcome therefore tells a requester who does not know the citizen nothing of her
// state. Where proofs are asked for, those of time come after malformed, the others after superseded: see proof.hpp.
// What policy and guards refuse (3xx, 403, 41x) is refused before anything is looked up, account_level_too_low
// excepted.
enum class outcome : std::uint16_t {
    verified = 0,
    claim_mismatch = 100,  // 100 + the number of the lowest claim that does not match
    claim_mismatch_end = 100 + claim_count,
    not_found = 200,
    superseded = 201,
    deceased = 210,
    missing = 211,
    registration_not_active = 220,
    locked_by_holder = 230,
    incomplete = 240,      // nothing mismatched, but the register has no data for a claim
    not_verified = 299,    // any of the above, for an asker who may know no more: see policy/rule.hpp
    unknown_agency = 300,  // 3xx: policy does not let this be asked, and nothing was looked up
    unknown_procedure = 301,
    not_permitted = 302,           // this agency may not use this procedure
    claim_not_permitted = 303,     // a claim that this procedure does not need
    required_claim_missing = 304,  // without it the question would be a way to feel one's way
    proof_missing = 305,           // the agency's or the holder's
    account_level_too_low = 306,   // of the holder, whose proof is valid
    consent_missing = 307,         // the holder's
    policy_not_valid = 308,        // not yet, or no longer
    agency_suspended = 309,        // by policy
    proof_expired = 400,           // issued too long ago
    proof_not_yet_valid = 401,     // issued too far in the future
    proof_repeated = 402,          // this proof has been used, in this call or before
    proofs_full = 403,             // too many proofs are remembered to take one more now
    quota_used_up = 410,           // of the agency by this procedure, or of the officer
    misses_used_up = 411,          // too many questions about this citizen failed today
    alarm_suspended = 412,         // the agency, by an alarm
    bad_signature = 500,
    no_key_registered = 501,
    key_revoked = 502,
    malformed = 600,
    damaged_record = 900,
    ledger_full = 901,     // no room for the answer's row now, and nothing was looked up: ask again
    ledger_stopped = 902,  // rows are taken no more, and nothing was looked up
    elsewhere = 903,       // this index does not have the citizen's partition, so ask one that has it
};

// How the claimed name compares with the registered one, whichever of the two name claims was made.
enum class name_grade : std::uint8_t {
    none = 0,         // another name, or there was nothing to compare
    folded = 1,       // the same but for marks, of which one of the two has none at all
    exact = 2,        // the same
    marks_differ = 3  // the same but for marks, and both have some: another name, so `name` is mismatched
};

class verdict {
  public:
    constexpr verdict() = default;
    constexpr verdict(xacthuc::outcome what, claim_mask matched, claim_mask mismatched, claim_mask unavailable,
                      xacthuc::name_grade grade = name_grade::none, bool coarse = false,
                      bool claim_coarse = false) noexcept
        : head_{static_cast<std::uint16_t>(static_cast<unsigned>(what) | static_cast<unsigned>(grade) << 10 |
                                           static_cast<unsigned>(coarse) << 12 |
                                           static_cast<unsigned>(claim_coarse) << 13)},
          matched_{matched},
          mismatched_{mismatched},
          unavailable_{unavailable} {}

    // From the 64-bit form: outcome 10 (bits 0..9) · name grade 2 (10..11) · coarse 1 (12) · claim coarse 1 (13) ·
    // spare 2 · matched 16 · mismatched 16 · unavailable 16.
    [[nodiscard]] static constexpr verdict from_bits(std::uint64_t bits) noexcept {
        verdict v;
        v.head_ = static_cast<std::uint16_t>(bits);
        v.matched_ = static_cast<claim_mask>(bits >> 16);
        v.mismatched_ = static_cast<claim_mask>(bits >> 32);
        v.unavailable_ = static_cast<claim_mask>(bits >> 48);
        return v;
    }
    [[nodiscard]] constexpr std::uint64_t bits() const noexcept {
        return std::uint64_t{head_} | std::uint64_t{matched_} << 16 | std::uint64_t{mismatched_} << 32 |
               std::uint64_t{unavailable_} << 48;
    }

    [[nodiscard]] constexpr xacthuc::outcome outcome() const noexcept {
        return static_cast<xacthuc::outcome>(head_ & 1023U);
    }
    [[nodiscard]] constexpr xacthuc::name_grade name_grade() const noexcept {
        return static_cast<xacthuc::name_grade>(head_ >> 10 & 3U);
    }
    // The birth date claimed was finer than the register's and was compared at the register's precision.
    [[nodiscard]] constexpr bool coarse() const noexcept { return (head_ >> 12 & 1U) != 0; }
    // The other way: the claim left out a month or a day that the register knows. Never both.
    [[nodiscard]] constexpr bool claim_coarse() const noexcept { return (head_ >> 13 & 1U) != 0; }
    [[nodiscard]] constexpr claim_mask matched() const noexcept { return matched_; }
    [[nodiscard]] constexpr claim_mask mismatched() const noexcept { return mismatched_; }
    [[nodiscard]] constexpr claim_mask unavailable() const noexcept { return unavailable_; }

    friend bool operator==(const verdict&, const verdict&) = default;

  private:
    std::uint16_t head_ = static_cast<std::uint16_t>(outcome::malformed);
    claim_mask matched_ = 0;
    claim_mask mismatched_ = 0;
    claim_mask unavailable_ = 0;
};
static_assert(sizeof(verdict) == 8);

// "verified", "name_mismatch", "not_found", …: stable, used in files and reports.
[[nodiscard]] XACTHUC_API std::string_view to_string(outcome what) noexcept;
// "folded", "exact", "marks_differ", "".
[[nodiscard]] XACTHUC_API std::string_view to_string(name_grade grade) noexcept;

}  // namespace xacthuc::inline v0_1
