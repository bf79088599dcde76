// SPDX-License-Identifier: Apache-2.0
// Which nonces the signatures of agencies and the proofs of citizens have used, so that each is taken once. Where there
// are guards they remember, across an end and a start; else the process does, and after a start it refuses whatever may
// have been used before.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/guard/guard_key.hpp>
#include <xacthuc/guard/guards.hpp>
#include <xacthuc/guard/proof_window.hpp>

namespace xacthuc::inline v0_1::service {

class used_nonces {
  public:
    // `watch` may be null, and outlives this otherwise.
    explicit used_nonces(guards* watch);

    // Makes room for nonces, 16 MiB, where no guards remember them and there is none yet: what was created up to
    // max_ahead_ms after now is not taken. Until then none is.
    // False: guards remember them, or there was room already.
    // Concurrency: one thread at a time, beside all else.
    bool open(std::int64_t now_unix_ms, std::int64_t max_ahead_ms);

    // A nonce of any length as one of 16 bytes.
    [[nodiscard]] static proof_nonce digest_of(std::string_view nonce) noexcept;
    // verified; proof_repeated; proof_expired where it may have been used before the start; proof_not_yet_valid where
    // it is too far ahead to be remembered; proofs_full. Requires: the signature is valid. Concurrency: lock-free.
    [[nodiscard]] outcome take(personal_id citizen, const proof_nonce& nonce, std::int64_t issued_at_unix_ms,
                               std::int64_t now_unix_ms) noexcept {
        return take(citizen.value(), nonce, issued_at_unix_ms, now_unix_ms);
    }
    [[nodiscard]] outcome take(std::uint16_t agency, const proof_nonce& nonce, std::int64_t created_unix_ms,
                               std::int64_t now_unix_ms) noexcept;
    // Now and then.
    void forget_old() noexcept;

  private:
    [[nodiscard]] outcome take(std::uint64_t who, const proof_nonce& nonce, std::int64_t issued_at_unix_ms,
                               std::int64_t now_unix_ms) noexcept;

    guards* watch_;
    guard_key key_;
    std::unique_ptr<proof_window> owned_;
    std::atomic<proof_window*> own_{nullptr};  // released by open()
};

}  // namespace xacthuc::inline v0_1::service
