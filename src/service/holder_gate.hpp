// SPDX-License-Identifier: Apache-2.0
// Whether it is a citizen herself who asks for what concerns her. She signs message_for_holder() of the request that
// has her number and nothing else: no claim, agency 0, procedure 0. No question can be prepared that is the same, so
// neither signature is ever good for the other purpose.
//
// Policy and quotas of agencies do not apply. Used proofs are remembered by the guards, where there are any, and else
// here; then those that were issued before the service started are refused, as they may have been used.
#pragma once

#include <cstdint>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/guard/proof_window.hpp>

#include "service/problem.hpp"

namespace xacthuc::inline v0_1::service {

struct register_in_use;

// What she signs for: the request with her number and nothing else.
[[nodiscard]] request own_request(personal_id id) noexcept;

class holder_gate {
  public:
    // Requires: the guards outlive it, where there are any.
    holder_gate(guards* watch, std::int64_t started_at_unix_ms);

    // problem::none where the proof is hers, of now, and used for the first time. Whether a number is anybody's, and
    // has a key, is not to be told from the answer or from the time that it takes. Complexity: one signature.
    // Concurrency: any thread; lock-free.
    [[nodiscard]] problem check(const register_in_use& by, personal_id id, const holder_proof& proof,
                                std::int64_t now_unix_ms);

  private:
    guards* watch_;
    proof_window own_;
};

}  // namespace xacthuc::inline v0_1::service
