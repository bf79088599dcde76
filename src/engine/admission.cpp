// SPDX-License-Identifier: Apache-2.0
#include "engine/admission.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace xacthuc::inline v0_1 {
namespace {

// How old a proof is that check_proof_time() lets pass, as far as a rule can tell.
[[nodiscard]] std::uint32_t age_of(std::int64_t issued_at_unix_ms, std::int64_t now_unix_ms) noexcept {
    if (issued_at_unix_ms >= now_unix_ms) return 0;
    const auto age = static_cast<std::uint64_t>(now_unix_ms) - static_cast<std::uint64_t>(issued_at_unix_ms);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(age, std::numeric_limits<std::uint32_t>::max()));
}

// Little-endian, in its first 8 bytes.
[[nodiscard]] std::uint64_t counter_of(const proof_nonce& nonce) noexcept {
    std::uint64_t counter = 0;
    for (std::size_t k = 0; k < sizeof counter; ++k) counter |= std::to_integer<std::uint64_t>(nonce[k]) << 8 * k;
    return counter;
}

}  // namespace

admission::admission(const request_batch& asked, const policy_table* policy, guards* watch, bool leaves_rows)
    : requests_{asked.requests} {
    each_.policy = policy;
    if (asked.proofs.now_unix_ms) each_.day = policy_day_of(*asked.proofs.now_unix_ms);
    if (!asked.holders.empty()) each_.proofs |= holder_proved;
    if (asked.asker) {
        each_.agency = asked.asker;
        each_.of_others = outcome::not_permitted;
        each_.proofs |= agency_proved;
        admits_each_ = false;
    }
    if (asked.agency != nullptr || ((policy != nullptr || watch != nullptr || leaves_rows) && !asked.holders.empty())) {
        copies_.assign(asked.requests.begin(), asked.requests.end());
        requests_ = copies_;
    }
    if (asked.agency != nullptr) {
        assert(asked.agencies != nullptr);
        const auto proof = *asked.agency;
        of_all_ = check_agency_proof(requests_, proof, *asked.agencies, asked.proofs);
        if (asked.asker && *asked.asker != proof.agency && of_all_ == outcome::verified)
            of_all_ = outcome::bad_signature;
        if (watch != nullptr && of_all_ == outcome::verified)
            of_all_ = watch->take_batch(proof.agency, counter_of(proof.nonce), asked.proofs.now_unix_ms.value_or(0));
        each_.agency = proof.agency;
        each_.of_others = outcome::bad_signature;
        each_.proofs |= agency_proved;
        if (asked.proofs.now_unix_ms)
            each_.agency_proof_age_ms = age_of(proof.issued_at_unix_ms, *asked.proofs.now_unix_ms);
        admits_each_ = std::ranges::all_of(requests_, [&](const request& q) { return q.agency() == proof.agency; });
    }
    if (policy != nullptr) admits_each_ = false;
}

}  // namespace xacthuc::inline v0_1
