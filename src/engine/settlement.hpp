// SPDX-License-Identifier: Apache-2.0
// The last stage: what an answer means for others of the call.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/guard/guards.hpp>

namespace xacthuc::inline v0_1 {

class settlement {
  public:
    // Room for so many valid holder proofs, which guards remember beyond the call, where there are any. Exceptions:
    // std::bad_alloc.
    settlement(std::size_t proofs_max, guards* watch, std::int64_t now_unix_ms)
        : watch_{watch}, now_unix_ms_{now_unix_ms} {
        if (watch == nullptr) used_.reserve(proofs_max);
    }

    // A valid proof: verified, or why it is not taken now. Requires: room.
    [[nodiscard]] outcome take_proof(std::uint64_t id, const proof_nonce& nonce, std::int64_t issued_at_unix_ms,
                                     std::size_t position) noexcept {
        if (watch_ != nullptr) return watch_->take_proof(id, nonce, issued_at_unix_ms, now_unix_ms_);
        used_.push_back({id, std::bit_cast<std::array<std::uint64_t, 2>>(nonce), position});
        return outcome::verified;
    }

    // Of valid proofs that are the same, the first in the batch counts. Complexity: a sort of them.
    void refuse_repeated(std::span<verdict> verdicts) noexcept {
        std::ranges::sort(used_);
        for (std::size_t k = 1; k < used_.size(); ++k)
            if (used_[k].is_same(used_[k - 1])) verdicts[used_[k].position] = {outcome::proof_repeated, 0, 0, 0};
    }

  private:
    struct used_proof {
        std::uint64_t id;
        std::array<std::uint64_t, 2> nonce;
        std::uint64_t position;

        friend auto operator<=>(const used_proof&, const used_proof&) = default;
        [[nodiscard]] bool is_same(const used_proof& other) const noexcept {
            return id == other.id && nonce == other.nonce;
        }
    };
    static_assert(sizeof(used_proof) == 32);

    guards* watch_;
    std::int64_t now_unix_ms_;
    std::vector<used_proof> used_;
};

}  // namespace xacthuc::inline v0_1
