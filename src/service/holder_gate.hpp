// SPDX-License-Identifier: Apache-2.0
// Whether it is a citizen herself who asks for what concerns her. She signs message_for_holder() of the request that
// has her number and nothing else: no claim, agency 0, procedure 0. No question can be prepared that is the same, so
// neither signature is ever good for the other purpose.
//
// Policy and quotas of agencies do not apply. Used proofs are remembered with the nonces of agencies' signatures.
#pragma once

#include <cstdint>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/engine/proof.hpp>

#include "service/problem.hpp"
#include "service/used_nonces.hpp"

namespace xacthuc::inline v0_1::service {

struct register_in_use;

// What she signs for: the request with her number and nothing else.
[[nodiscard]] request own_request(personal_id id) noexcept;

class holder_gate {
  public:
    // Requires: the nonces outlive it, and have room.
    holder_gate(used_nonces& used, std::int64_t max_ahead_ms) noexcept : used_{used}, max_ahead_ms_{max_ahead_ms} {}

    // The times that holders' proofs are taken of.
    [[nodiscard]] proof_options times_at(std::int64_t now_unix_ms) const noexcept {
        return {.now_unix_ms = now_unix_ms, .max_ahead_ms = max_ahead_ms_};
    }
    // problem::none where the proof is hers, of now, and used for the first time. Whether a number is anybody's, and
    // has a key, is not to be told from the answer or from the time that it takes. Complexity: one signature.
    // Concurrency: any thread; lock-free.
    [[nodiscard]] problem check(const register_in_use& by, personal_id id, const holder_proof& proof,
                                std::int64_t now_unix_ms);

  private:
    used_nonces& used_;
    std::int64_t max_ahead_ms_;
};

}  // namespace xacthuc::inline v0_1::service
