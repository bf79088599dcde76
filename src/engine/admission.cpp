// SPDX-License-Identifier: Apache-2.0
#include "engine/admission.hpp"

#include <algorithm>
#include <cassert>

namespace xacthuc::inline v0_1 {

admission::admission(const request_batch& asked) : requests_{asked.requests}, has_agency_{asked.agency != nullptr} {
    if (!has_agency_) return;
    assert(asked.agencies != nullptr);
    signed_requests_.assign(asked.requests.begin(), asked.requests.end());
    requests_ = signed_requests_;
    const auto proof = *asked.agency;
    agency_ = proof.agency;
    of_all_ = check_agency_proof(requests_, proof, *asked.agencies, asked.proofs);
    admits_each_ = std::ranges::all_of(requests_, [this](const request& r) { return of(r) == outcome::verified; });
}

}  // namespace xacthuc::inline v0_1
