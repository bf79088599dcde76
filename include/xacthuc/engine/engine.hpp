// SPDX-License-Identifier: Apache-2.0
// Verification of requests against an index.
#pragma once

#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::inline v0_1 {

// Borrows an index; holds nothing else, so that one for each thread or one for all makes no difference.
class engine {
  public:
    // Requires: the index outlives the engine.
    explicit engine(const citizen_index& index) noexcept : index_{&index} {}

    // Answers each request into the verdict of the same place, and returns the state of the register that it answered
    // from (every verdict is at least as fresh). Requires: verdicts.size() >= requests.size(). Complexity: one cache
    // line of the index a request in most cases; no allocation. Concurrency: wait-free.
    XACTHUC_API freshness verify(std::span<const request> requests, std::span<verdict> verdicts) const noexcept;

    // The same for requests that their citizens have signed: proofs[i] is for requests[i]. The proof comes first: a
    // request whose proof is refused gets that outcome and no mask, grade or flag, whatever it claims. The outcomes, of
    // which the first that applies is told: malformed; proof_expired, proof_not_yet_valid; damaged_record, not_found,
    // superseded; key_revoked (the account is), no_key_registered, bad_signature; proof_repeated, where the call had a
    // valid proof of the same citizen and nonce before; and then the claims'. A replacement of a record between its
    // claims and its key may be seen by the one and not by the other.
    // Requests and proofs may lie where others write meanwhile: each is read once.
    // Requires: proofs.size() == requests.size(); verdicts.size() >= requests.size(). Complexity: as above, and one
    // signature of a key seen once for each citizen found; sorting the valid proofs. Memory: 80 KiB at most, and 32
    // bytes a request. Exceptions: std::bad_alloc, before anything is answered. Concurrency: wait-free but for the
    // allocator after ed25519::prepare(), which the first signature of the process does when nobody has.
    XACTHUC_API freshness verify(std::span<const request> requests, std::span<const holder_proof> proofs,
                                 std::span<verdict> verdicts, const proof_options& options = {}) const;

    // The same for a batch that one agency has signed. The proof comes first: where check_agency_proof() refuses it,
    // nothing is looked up, every verdict has its outcome and says nothing about any claim. A request that names
    // another agency than the proof gets bad_signature.
    // Requests and proof may lie where others write meanwhile: each is read once, into a copy. Complexity: as the
    // first, one hash of the batch and one signature. Memory: 32 bytes a request. Exceptions: std::bad_alloc, before
    // anything is answered. Concurrency: as agency_keys::find(), then wait-free.
    XACTHUC_API freshness verify(std::span<const request> requests, const agency_proof& proof, const agency_keys& keys,
                                 std::span<verdict> verdicts, const proof_options& options = {}) const;

  private:
    const citizen_index* index_;
};

}  // namespace xacthuc::inline v0_1
