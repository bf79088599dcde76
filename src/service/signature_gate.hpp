// SPDX-License-Identifier: Apache-2.0
// Whether a signed request is its agency's, of now, and asked for the first time: first all that costs little, then the
// signature, alone or with those of its tick side by side, and last the nonce, which nobody but the agency can use up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/engine/proof.hpp>

#include "service/signature_headers.hpp"
#include "service/signature_keys.hpp"
#include "service/used_nonces.hpp"

namespace xacthuc::inline v0_1::service {

// A signature that is still to be verified. It needs nothing of the request but the text that it is over.
struct signed_request {
    std::shared_ptr<const ed25519::verifying_key> key;
    ed25519::signature signature;
    proof_nonce nonce{};
    std::int64_t created_unix_ms = 0;
    std::uint16_t agency = 0;
    std::size_t base_at = 0;  // in a string of all of a tick
    std::size_t base_size = 0;
    std::string label;
    problem refused = problem::none;
};

// Reads what a request says of its signature, appends the text that it is over to `bases`, and looks at all but
// signature and nonce.
// Returns what is wrong: of read_signature(), and signature_key_unknown, signature_key_revoked,
// signature_agency_differs (from the one whose connection it is), signature_stale, signature_early, signature_expired.
[[nodiscard]] signature_fault admit_signature(const signed_message& of, std::optional<std::uint16_t> connected,
                                              const signature_keys& keys, std::int64_t now_unix_ms,
                                              signed_request& into, std::string& bases);

// Verifies the signatures and takes the nonces of those that are right, in their order; `refused` says what came of
// each: none, signature_wrong, signature_repeated, nonces_unknown, nonces_full or signature_early.
// Requires: at most 256.
void verify_signatures(std::span<signed_request> all, std::string_view bases, used_nonces& used,
                       std::int64_t now_unix_ms);

}  // namespace xacthuc::inline v0_1::service
