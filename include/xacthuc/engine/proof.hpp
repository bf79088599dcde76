// SPDX-License-Identifier: Apache-2.0
// Signatures that come with requests: a citizen's over one request, an agency's over a batch. The signer builds the
// message with the functions here. The verifier builds it again from the request, so that a signature for another
// question is not one for this question. All numbers are little-endian.
//
//   holder message, 72 bytes    tag "xt-hold2" 8 · register 8 · request 32 · issued at 8 · nonce 16
//   agency message, 74 bytes    tag "xt-agcy1" 8 · agency 2 · request count 8 · issued at 8 · nonce 16 · batch hash 32
//
// The register is the fingerprint of its digest key, and the request every bit of the prepared one: who is asked about,
// what is claimed of her, who asks and what for. The batch hash is BLAKE2b-256 of the requests' bytes, 32 a request in
// their order, with the personalisation "xacthuc-requests" and a salt of zeros.
//
// What is not guaranteed: that a proof is used only once. One call takes no proof twice, and none that is too old if it
// is told the time. The caller must remember nonces between calls. See docs/proofs.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ed25519/key_ring.hpp>
#include <xacthuc/ed25519/signature.hpp>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t proof_nonce_bytes = 16;
using proof_nonce = std::array<std::byte, proof_nonce_bytes>;

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

inline constexpr std::size_t holder_message_bytes = 72;
inline constexpr std::size_t agency_message_bytes = 74;
using holder_message = std::array<std::byte, holder_message_bytes>;
using agency_message = std::array<std::byte, agency_message_bytes>;

// What the holder signs, for the register whose digest key has this fingerprint (index_facts and digest_key have it).
// Concurrency: wait-free.
[[nodiscard]] XACTHUC_API holder_message message_for_holder(const request& about, std::uint64_t register_fingerprint,
                                                            std::int64_t issued_at_unix_ms,
                                                            const proof_nonce& nonce) noexcept;
// What the agency signs.
// Complexity: linear, one hash of all requests.
// Concurrency: wait-free.
[[nodiscard]] XACTHUC_API agency_message message_for_agency(std::span<const request> batch, std::uint16_t agency,
                                                            std::int64_t issued_at_unix_ms,
                                                            const proof_nonce& nonce) noexcept;

// When a proof may be used.
// Units: milliseconds.
struct proof_options {
    // The time of the call: nothing here reads a clock. Without it proofs are good for ever.
    std::optional<std::int64_t> now_unix_ms;
    // How long after it was issued a proof is good, and how much ahead of ours the signer's clock may be.
    // Requires: not negative.
    std::int64_t max_age_ms = 300'000;
    std::int64_t max_ahead_ms = 30'000;
};

// Whether a proof that was issued then is good now: verified, proof_expired or proof_not_yet_valid.
[[nodiscard]] XACTHUC_API outcome check_proof_time(std::int64_t issued_at_unix_ms,
                                                   const proof_options& options) noexcept;

// The public keys of agencies by agency number. The busy ones get combs, within a budget: see key_ring.hpp.
// Concurrency: any number of threads at once; blocking on a shared lock for the length of a lookup, and as a key ring.
class agency_keys {
  public:
    // No agency has a key.
    XACTHUC_API explicit agency_keys(ed25519::key_ring_options options = {});
    XACTHUC_API ~agency_keys();
    agency_keys(const agency_keys&) = delete;
    agency_keys& operator=(const agency_keys&) = delete;

    // Gives an agency its key, in place of the one that it had.
    // Errors: those of ed25519::verifying_key::make; agency_revoked (see reinstate). The agency then keeps what it had.
    [[nodiscard]] XACTHUC_API result<void> set(std::uint16_t agency, const public_key& key);
    // From now on the agency's proofs get outcome key_revoked, whatever key they are made with, until it is reinstated.
    // Errors: agency_unknown.
    [[nodiscard]] XACTHUC_API result<void> revoke(std::uint16_t agency);
    // Gives a key to an agency whose key was revoked: the only way back, so that nobody takes it by mistake.
    // Errors: agency_unknown (it was not revoked, or never had a key); those of ed25519::verifying_key::make.
    [[nodiscard]] XACTHUC_API result<void> reinstate(std::uint16_t agency, const public_key& key);

    struct entry {
        std::shared_ptr<const ed25519::verifying_key> key;  // null when the agency has none, or it is revoked
        bool revoked = false;
    };
    // Counts as one use of the key.
    // Complexity: two lookups; now and then a comb is built (see key_ring::find).
    [[nodiscard]] XACTHUC_API entry find(std::uint16_t agency) const;

    // Gives all agencies that have a key a comb now, as far as the budget goes.
    // Returns the number of those that have one afterwards.
    // Complexity: about 2 ms an agency.
    XACTHUC_API std::size_t promote();
    // As key_ring::scrub().
    XACTHUC_API std::size_t scrub();
    // Of distinct keys, where several agencies share one.
    [[nodiscard]] XACTHUC_API ed25519::key_ring_state state() const;

  private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

// Whether the proof is its agency's signature over exactly this batch, and of now: verified, proof_expired,
// proof_not_yet_valid, key_revoked, no_key_registered or bad_signature, the first that applies.
// Complexity: one hash of the batch and one signature.
// Concurrency: as agency_keys::find().
[[nodiscard]] XACTHUC_API outcome check_agency_proof(std::span<const request> batch, const agency_proof& proof,
                                                     const agency_keys& keys, const proof_options& options = {});

}  // namespace xacthuc::inline v0_1
