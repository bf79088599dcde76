// SPDX-License-Identifier: Apache-2.0
// An agency with a key, and a batch that it may sign.
#pragma once

#include <sodium.h>

#include <span>
#include <vector>

#include "domain/octets.hpp"
#include "unit/engine/nation_with_keys.hpp"

namespace xacthuc::tests {

inline constexpr std::uint16_t agency = 7;

[[nodiscard]] inline const public_key& public_half(const account_key_pair& pair) {
    return pair.public_key;
}

[[nodiscard]] inline agency_proof sign_batch(std::span<const request> batch, const account_key_pair& pair,
                                             std::uint16_t as = agency) {
    agency_proof proof;
    proof.agency = as;
    proof.issued_at_unix_ms = 1'795'000'000'000;
    proof.nonce[5] = std::byte{9};
    const auto message = message_for_agency(batch, as, proof.issued_at_unix_ms, proof.nonce);
    crypto_sign_detached(octets(proof.signature.bytes), nullptr, octets(message), message.size(),
                         pair.secret_key.data());
    return proof;
}

struct agency_at_work {
    nation_with_keys nation{20'000};
    key_pool pairs{99, 2};
    std::vector<request> batch = nation.signed_by_holders(50, agency).requests;
    agency_keys keys;

    agency_at_work() { keys.set(agency, public_half(pairs.pairs()[0])).value(); }
    [[nodiscard]] agency_proof sign(std::span<const request> what) const { return sign_batch(what, pairs.pairs()[0]); }
};

}  // namespace xacthuc::tests
