// SPDX-License-Identifier: Apache-2.0
// The stage of holder proofs: the keys of those who were found, and their signatures side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/engine/request_batch.hpp>
#include <xacthuc/policy/rule.hpp>

#include "ed25519/batch.hpp"
#include "ed25519/kernel_job.hpp"
#include "engine/account.hpp"
#include "engine/kernel.hpp"
#include "engine/settlement.hpp"

namespace xacthuc::inline v0_1 {

class proving {
  public:
    // All the memory that a batch of so many requests needs is asked for here. Exceptions: std::bad_alloc.
    // Requires: all that is named outlives this.
    proving(const kernels::kernel& lookups, const ed25519::kernel& signatures, const index_view& index,
            std::size_t request_count, std::span<verdict> verdicts, settlement& settled);

    // A request that was judged, whose verdict is in its place, by the record in this slot; none where there is none.
    // Settles what needs no signature; the others wait for their keys to arrive. Requires: the caller is inside the
    // epoch in which the slot was found, until check_waiting().
    // The rule says how old the proof may be, and what level the account has to have.
    void take(const request& asked, const holder_proof& proof, const proof_options& options, const rule& by,
              std::size_t position, const slot* found);
    void check_waiting();

    [[nodiscard]] std::size_t checked_count() const noexcept { return checked_count_; }

  private:
    void wait(const request& asked, const holder_proof& proof, std::size_t position, const account& of,
              bool level_suffices, bool is_decided);

    // As many signatures as the batch verification shares one inversion among.
    static constexpr std::size_t signatures_at_once = 256;
    struct waiting {
        std::size_t position;
        std::uint64_t id;
        const std::atomic<std::uint64_t>* key_at;
        public_key key;
        proof_nonce nonce;
        ed25519::signature signature;
        std::int64_t issued_at_unix_ms;
        holder_message message;
        bool level_suffices;
        bool is_decided;  // only for the time that it takes
    };

    const kernels::kernel& lookups_;
    const ed25519::kernel& signatures_;
    std::uint64_t fingerprint_;
    account_finder accounts_;
    std::span<verdict> verdicts_;
    settlement& settled_;
    std::vector<waiting> waiting_;
    std::vector<ed25519::batch_item> items_;
    std::size_t waiting_count_ = 0;
    std::size_t checked_count_ = 0;
};

}  // namespace xacthuc::inline v0_1
