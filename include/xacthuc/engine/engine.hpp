// SPDX-License-Identifier: Apache-2.0
// Verification of requests against an index.
#pragma once

#include <span>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/engine/engine_parts.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/engine/request_batch.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::inline v0_1 {

// Borrows an index, and parts; holds nothing else, so that one for each thread or one for all makes no difference.
class engine {
  public:
    // Requires: the index and the parts outlive the engine.
    explicit engine(const citizen_index& index, const engine_parts& parts = {}) noexcept
        : index_{&index}, parts_{parts} {}

    // Answers each request into the verdict of the same place. The batch goes through four stages, and each is there
    // only for who asks for it:
    //
    //   admit    Where an agency signed the batch and check_agency_proof() refuses that, nothing is looked up and every
    //            verdict has that outcome. A request that names another agency than its signer gets bad_signature, and
    //            is not looked up either. Then policy, where the engine has one: what it does not let be asked gets one
    //            of the outcomes 3xx.
    //   judge    The claims of each, against the record.
    //   prove    A request whose holder's proof is refused gets that outcome and no mask, grade or flag, whatever it
    //            claims. Of these outcomes the first that applies is told: malformed; proof_expired,
    //            proof_not_yet_valid; damaged_record, not_found, superseded; key_revoked (the account is),
    //            no_key_registered, bad_signature, account_level_too_low; and then the claims'. The key is that of the
    //            record that was judged.
    //   settle   proof_repeated, where the call had a valid proof of the same citizen and nonce before. Where policy
    //   lets
    //            the asker see one bit, the verdict is reduced to that: see shown().
    //
    // Where the engine has a ledger's queue, each verdict leaves a row there as it is shown.
    // Requests and proofs may lie where others write meanwhile: what comes with proofs is read once.
    // Requires: verdicts.size() >= requests.size(); no holders' proofs, or one a request; agencies for an agency's.
    // Returns: the state of the register that was answered from; every verdict is at least as fresh.
    // Complexity: one cache line of the index a request in most cases; one signature of a key seen once for each holder
    // who was found; one hash of the batch and one signature for an agency; sorting the holders' valid proofs.
    // Memory: without proofs none; else 100 KiB at most and, for each kind of proof, 32 bytes a request.
    // Concurrency: wait-free but for the allocator and agency_keys::find(), after ed25519::prepare(), which the first
    // signature of the process does when nobody has.
    // Exceptions: std::bad_alloc, with proofs only, before anything is answered; std::invalid_argument, where sizes do
    // not fit, before anything is looked at.
    XACTHUC_API freshness answer(const request_batch& asked, std::span<verdict> verdicts) const;

    // answer() by other names: without proofs, which needs no memory, and where sizes that do not fit end the process;
    // with holders' proofs, one a request; with an agency's.
    // Exceptions: as answer().
    XACTHUC_API freshness verify(std::span<const request> requests, std::span<verdict> verdicts) const noexcept;
    XACTHUC_API freshness verify(std::span<const request> requests, std::span<const holder_proof> proofs,
                                 std::span<verdict> verdicts, const proof_options& options = {}) const;
    XACTHUC_API freshness verify(std::span<const request> requests, const agency_proof& proof, const agency_keys& keys,
                                 std::span<verdict> verdicts, const proof_options& options = {}) const;

  private:
    const citizen_index* index_;
    engine_parts parts_;
};

}  // namespace xacthuc::inline v0_1
