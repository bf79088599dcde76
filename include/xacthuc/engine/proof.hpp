// SPDX-License-Identifier: Apache-2.0
// Signatures that come with requests: a citizen's over one request, an agency's over a batch. Who signs builds the
// message with the functions here; who verifies builds it anew from the request, so that a signature for another
// question is no signature for this one. All numbers are little-endian.
//
//   holder message, 46 bytes    tag "xt-hold1" 8 · id 8 · agency 2 · procedure 2 · claims 2 · issued at 8 · nonce 16
//   agency message, 74 bytes    tag "xt-agcy1" 8 · agency 2 · request count 8 · issued at 8 · nonce 16 · batch hash 32
//
// 46 bytes after R and A still fit into one block of SHA-512. The batch hash is BLAKE2b-256 of the requests' bytes, 32
// a request in their order, with the personalisation "xacthuc-requests" and a salt of zeros.
//
// What is not guaranteed: a signature says nothing about when it may be used or how often. issued-at and nonce are
// bound so that a caller can refuse what is old or came before; nothing here does. See docs/proofs.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/ed25519/key_ring.hpp>
#include <xacthuc/ed25519/public_key.hpp>
#include <xacthuc/ed25519/signature.hpp>

namespace xacthuc {

inline constexpr std::size_t proof_nonce_bytes = 16;
using proof_nonce = std::array<std::uint8_t, proof_nonce_bytes>;

// By the key of the digital account of the citizen that the request is about.
struct holder_proof {
    std::int64_t issued_at_unix_ms = 0;
    proof_nonce nonce{};
    ed25519::signature signature;
};
static_assert(sizeof(holder_proof) == 88);

// By the key of an agency, over a batch of requests that all name it.
struct agency_proof {
    std::int64_t issued_at_unix_ms = 0;
    proof_nonce nonce{};
    ed25519::signature signature;
    std::uint16_t agency = 0;
};

inline constexpr std::size_t holder_message_bytes = 46;
inline constexpr std::size_t agency_message_bytes = 74;
using holder_message = std::array<std::uint8_t, holder_message_bytes>;
using agency_message = std::array<std::uint8_t, agency_message_bytes>;

// What the holder signs. Concurrency: wait-free.
[[nodiscard]] holder_message message_for_holder(const request& about, std::int64_t issued_at_unix_ms,
                                                const proof_nonce& nonce) noexcept;
// What the agency signs. Complexity: linear, one hash of all requests. Concurrency: wait-free.
[[nodiscard]] agency_message message_for_agency(std::span<const request> batch, std::uint16_t agency,
                                                std::int64_t issued_at_unix_ms, const proof_nonce& nonce) noexcept;

// Which of two reasons to refuse is told, and so what must be checked.
enum class proof_precedence : std::uint8_t {
    // The claims': a request that fails on them costs no signature check.
    claims_first,
    // The proof's: checked for every citizen that is found, so that who is not proved to be the holder learns from the
    // outcome only that. Malformed, damaged, unknown and superseded come before it here too.
    proof_first,
};

struct proof_options {
    proof_precedence precedence = proof_precedence::claims_first;
};

// The public keys of agencies by agency number. The keys themselves lie in a key ring, which gives the busy ones combs.
// Concurrency: any number of threads at once; blocking on a shared lock for the length of a lookup, and as the ring is.
class agency_keys {
  public:
    explicit agency_keys(ed25519::key_ring_options options = {});
    ~agency_keys();
    agency_keys(const agency_keys&) = delete;
    agency_keys& operator=(const agency_keys&) = delete;

    // Gives an agency its key, in place of the one that it had, revoked or not.
    // Errors: those of ed25519::verifying_key::make; the agency then keeps what it had.
    [[nodiscard]] result<void> set(std::uint16_t agency, const ed25519::public_key& key);
    // From now on the agency's proofs get outcome key_revoked. Returns whether it had a key.
    bool revoke(std::uint16_t agency);

    struct entry {
        std::shared_ptr<const ed25519::verifying_key> key;  // null when the agency has none, or it is revoked
        bool revoked = false;
    };
    // Counts as one use of the key.
    [[nodiscard]] entry find(std::uint16_t agency) const;

    [[nodiscard]] ed25519::key_ring& ring() noexcept;

  private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

// Whether the proof is its agency's signature over exactly this batch: verified, bad_signature, no_key_registered or
// key_revoked. Complexity: one hash of the batch and one signature. Concurrency: as agency_keys::find().
[[nodiscard]] outcome check_agency_proof(std::span<const request> batch, const agency_proof& proof,
                                         const agency_keys& keys);

}  // namespace xacthuc
