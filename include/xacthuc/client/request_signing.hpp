// SPDX-License-Identifier: Apache-2.0
// An agency's signatures of what it asks, RFC 9421 with digests of RFC 9530, and the service's of its answers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/ed25519/signature.hpp>
#include <xacthuc/registry/signing_key.hpp>

namespace xacthuc::inline v0_1::client {

// Who signs, and by what.
struct request_signing {
    std::uint16_t agency = 0;
    // Makes Ed25519 signatures. Called by threads of the client's executor, one at a time.
    std::function<ed25519::signature(std::span<const std::byte>)> sign{};
    // The service's key: with it, what is not signed by it is no answer. Rows, accesses and receipts come unsigned
    // from any service, and are taken so.
    std::optional<public_key> service{};

    // By a key in this process.
    [[nodiscard]] static request_signing by(std::uint16_t agency, signing_key key) {
        return {.agency = agency, .sign = [of = std::move(key)](auto message) { return of.sign(message); }};
    }
};

}  // namespace xacthuc::inline v0_1::client
