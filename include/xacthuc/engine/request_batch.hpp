// SPDX-License-Identifier: Apache-2.0
// Requests that are asked together, and what comes with them.
#pragma once

#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/engine/proof.hpp>

namespace xacthuc::inline v0_1 {

// Borrows all that it names. What is not there is not asked for, and costs nothing.
struct request_batch {
    std::span<const request> requests;
    // By the holder of each request's account: none, or one a request, in their order.
    std::span<const holder_proof> holders{};
    // By the agency that asks, over all requests.
    // Requires: agencies, where it is there.
    const agency_proof* agency = nullptr;
    const agency_keys* agencies = nullptr;
    // When the proofs may be used.
    proof_options proofs{};
};

}  // namespace xacthuc::inline v0_1
