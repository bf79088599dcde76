// SPDX-License-Identifier: Apache-2.0
// The verdict on a request by the letter of include/xacthuc/domain/{claim,verdict}.hpp, from plain text: no records, no
// digests, no masks of bits until the end. Slow and meant to be read.
#pragma once

#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/verdict.hpp>

namespace xacthuc {

// `holder` is the citizen that the register has under the claimed id, or none. Proofs are left out.
// Exceptions: std::invalid_argument for a name that has no canonical form.
[[nodiscard]] verdict reference_verdict(const citizen* holder, const claim_set& claims);

}  // namespace xacthuc
