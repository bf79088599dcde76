// SPDX-License-Identifier: Apache-2.0
// Requests that are asked together, and what comes with them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/ledger/row_queue.hpp>

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
    // The agency that asks, where the host knows it otherwise: by its certificate, or because the program is its own.
    // Counts as its proof; a request that names another agency is not_permitted.
    std::optional<std::uint16_t> asker{};
    // Who at the agency asks, by a number of the agency's own; 0 where nobody says.
    std::uint64_t officer = 0;
    // The time of the call, which policy needs too, and when the proofs may be used.
    proof_options proofs{};
    // Told where the ledger has the rows of the call, where the engine has one and it was not refused as a whole: none
    // otherwise. An answer that the ledger must not lose is given after ledger::wait() for it.
    std::optional<ledger_ticket>* ticket = nullptr;
};

}  // namespace xacthuc::inline v0_1
