// SPDX-License-Identifier: Apache-2.0
#include "engine/proof_check.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "ed25519/batch.hpp"
#include "engine/account_lookup.hpp"

namespace xacthuc {
namespace {

// Requests whose claims are compared in one go: their lines, 32 KiB, are then still in a near cache for the lookup of
// their accounts.
constexpr std::size_t claims_at_once = 512;
// As many signatures as the batch verification shares one inversion among.
constexpr std::size_t signatures_at_once = 256;

[[nodiscard]] verdict with_outcome(verdict v, outcome what) noexcept {
    return verdict::from_bits((v.bits() & ~std::uint64_t{1023}) | static_cast<std::uint64_t>(what));
}

[[nodiscard]] bool needs_proof(outcome what, proof_precedence precedence) noexcept {
    if (what == outcome::verified || what == outcome::incomplete) return true;
    return precedence == proof_precedence::proof_first && what != outcome::not_found && what != outcome::superseded &&
           what != outcome::malformed && what != outcome::damaged_record;
}

class proof_pipeline {
  public:
    proof_pipeline(const ed25519::kernel& with, const citizen_index& index, std::span<const request> requests,
                   std::span<const holder_proof> proofs, std::span<verdict> verdicts) noexcept
        : with_{with}, accounts_{index}, requests_{requests}, proofs_{proofs}, verdicts_{verdicts} {}

    // Settles what the account alone decides; the others wait for their keys to arrive.
    void take(std::size_t i) {
        const auto account = accounts_.find(requests_[i].id());
        if (account.is == account_lookup::state::damaged) {
            verdicts_[i] = {outcome::damaged_record, 0, 0, requests_[i].claims()};
        } else if (account.is == account_lookup::state::gone) {  // erased since its claims were compared
            verdicts_[i] = {outcome::not_found, 0, 0, requests_[i].claims()};
        } else if (account.status == account_status::revoked) {
            verdicts_[i] = with_outcome(verdicts_[i], outcome::key_revoked);
        } else if (account.key == nullptr) {
            verdicts_[i] = with_outcome(verdicts_[i], outcome::no_key_registered);
        } else {
            __builtin_prefetch(account.key);
            waiting_[waiting_count_++] = {i, account.key};
            if (waiting_count_ == signatures_at_once) check_waiting();
        }
    }

    void check_waiting() {
        std::size_t count = 0;
        for (std::size_t k = 0; k < waiting_count_; ++k) {
            const auto i = waiting_[k].position;
            // The key stays as it is while we are inside the epoch: a new one comes with a new slot.
            key_words key;
            for (std::size_t w = 0; w < key.size(); ++w) key[w] = waiting_[k].key[w].load(std::memory_order_relaxed);
            std::memcpy(keys_[count].bytes.data(), key.data(), sizeof key);
            if (keys_[count] == ed25519::public_key{}) {
                verdicts_[i] = with_outcome(verdicts_[i], outcome::no_key_registered);
                continue;
            }
            const auto& proof = proofs_[i];
            messages_[count] = message_for_holder(requests_[i], proof.issued_at_unix_ms, proof.nonce);
            items_[count] = {
                .message = messages_[count], .signature = &proof.signature, .raw_key = &keys_[count], .key = nullptr};
            waiting_[count++].position = i;
        }
        ed25519::verify_batch_with(with_, std::span{items_}.first(count), std::span{valid_}.first(count));
        for (std::size_t k = 0; k < count; ++k) {
            auto& answer = verdicts_[waiting_[k].position];
            if (!valid_[k]) answer = with_outcome(answer, outcome::bad_signature);
        }
        checked_count_ += count;
        waiting_count_ = 0;
    }

    [[nodiscard]] std::size_t checked_count() const noexcept { return checked_count_; }

  private:
    struct waiting {
        std::size_t position;
        const std::atomic<std::uint64_t>* key;
    };

    const ed25519::kernel& with_;
    account_lookup accounts_;
    std::span<const request> requests_;
    std::span<const holder_proof> proofs_;
    std::span<verdict> verdicts_;
    std::size_t waiting_count_ = 0;
    std::size_t checked_count_ = 0;
    std::array<waiting, signatures_at_once> waiting_;
    std::array<ed25519::public_key, signatures_at_once> keys_;
    std::array<holder_message, signatures_at_once> messages_;
    std::array<ed25519::batch_item, signatures_at_once> items_;
    std::array<bool, signatures_at_once> valid_;
};

}  // namespace

std::size_t verify_with_proofs(const proof_kernels& with, const citizen_index& index, std::span<const request> requests,
                               std::span<const holder_proof> proofs, std::span<verdict> verdicts,
                               const proof_options& options) {
    assert(proofs.size() == requests.size() && verdicts.size() >= requests.size());
    proof_pipeline pipeline{with.signatures, index, requests, proofs, verdicts};
    for (std::size_t from = 0; from < requests.size(); from += claims_at_once) {
        const auto count = std::min(claims_at_once, requests.size() - from);
        with.claims.verify(index, requests.subspan(from, count), verdicts.subspan(from, count));
        for (auto i = from; i < from + count; ++i)
            if (needs_proof(verdicts[i].outcome(), options.precedence)) pipeline.take(i);
    }
    pipeline.check_waiting();
    return pipeline.checked_count();
}

}  // namespace xacthuc
