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

namespace xacthuc::inline v0_1 {

class settlement {
  public:
    // Room for so many valid holder proofs. Exceptions: std::bad_alloc.
    explicit settlement(std::size_t proofs_max) { used_.reserve(proofs_max); }

    // Requires: room.
    void note_proof(std::uint64_t id, const proof_nonce& nonce, std::size_t position) noexcept {
        used_.push_back({id, std::bit_cast<std::array<std::uint64_t, 2>>(nonce), position});
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

    std::vector<used_proof> used_;
};

}  // namespace xacthuc::inline v0_1
