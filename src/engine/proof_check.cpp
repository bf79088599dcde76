// SPDX-License-Identifier: Apache-2.0
#include "engine/proof_check.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <compare>
#include <cstring>
#include <optional>
#include <vector>

#include "ed25519/batch.hpp"
#include "engine/account_lookup.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Requests whose claims are compared in one go: their lines, 32 KiB, are then still in a near cache for the lookup of
// their accounts.
constexpr std::size_t claims_at_once = 512;
// Requests after which this reader leaves its epoch and enters again, so that a batch of any size holds back no memory
// that writers have retired: some tens of milliseconds of signatures.
constexpr std::size_t claims_an_epoch = 4096;
static_assert(claims_an_epoch % claims_at_once == 0);
// As many signatures as the batch verification shares one inversion among.
constexpr std::size_t signatures_at_once = 256;

// Whoever is not proved to be the holder learns nothing but why.
[[nodiscard]] verdict refused(outcome why) noexcept {
    return {why, 0, 0, 0};
}

// Whether there is somebody whose proof it could be.
[[nodiscard]] bool is_found(outcome what) noexcept {
    return what != outcome::not_found && what != outcome::superseded && what != outcome::damaged_record;
}

// What makes two valid proofs of a call the same; the first of them is the one with the lowest position.
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

class proof_pipeline {
  public:
    // All the memory that the call needs is asked for here.
    proof_pipeline(const proof_kernels& with, const citizen_index& index, std::span<const request> requests,
                   std::span<const holder_proof> proofs, std::span<verdict> verdicts, const proof_options& options)
        : with_{with},
          index_{index},
          fingerprint_{index.facts().digest_key_fingerprint},
          accounts_{index},
          requests_{requests},
          proofs_{proofs},
          verdicts_{verdicts},
          options_{options},
          questions_(std::min(requests.size(), claims_at_once)),
          waiting_(std::min(requests.size(), signatures_at_once)),
          items_(waiting_.size()) {
        used_.reserve(requests.size());
    }

    void run() {
        std::optional<epoch::guard> inside;
        for (std::size_t from = 0; from < requests_.size(); from += claims_at_once) {
            if (from % claims_an_epoch == 0) {
                check_waiting();
                inside.reset();
                inside.emplace(index_.enter());
            }
            const auto count = std::min(claims_at_once, requests_.size() - from);
            const std::span questions{questions_.data(), count};
            // What is judged is what has to be signed, though others may write there meanwhile.
            std::copy_n(requests_.begin() + static_cast<std::ptrdiff_t>(from), count, questions.begin());
            with_.claims.verify(index_, questions, verdicts_.subspan(from, count));
            for (std::size_t k = 0; k < count; ++k) take(questions[k], from + k);
        }
        check_waiting();
        refuse_repeated();
    }

    [[nodiscard]] std::size_t checked_count() const noexcept { return checked_count_; }

  private:
    struct waiting {
        std::size_t position;
        std::uint64_t id;
        const std::atomic<std::uint64_t>* key_at;
        ed25519::public_key key;
        proof_nonce nonce;
        ed25519::signature signature;
        holder_message message;
    };

    // Settles what needs no signature; the others wait for their keys to arrive.
    void take(const request& asked, std::size_t i) {
        const auto what = verdicts_[i].outcome();
        if (what == outcome::malformed) return;
        const auto proof = proofs_[i];
        if (const auto in_time = check_proof_time(proof.issued_at_unix_ms, options_); in_time != outcome::verified) {
            verdicts_[i] = refused(in_time);
            return;
        }
        if (!is_found(what)) return;
        const auto account = accounts_.find(asked.id());
        if (account.is == account_lookup::state::damaged) {
            verdicts_[i] = {outcome::damaged_record, 0, 0, asked.claims()};
        } else if (account.is == account_lookup::state::gone) {  // erased since its claims were compared
            verdicts_[i] = {outcome::not_found, 0, 0, asked.claims()};
        } else if (account.status == account_status::revoked) {
            verdicts_[i] = refused(outcome::key_revoked);
        } else if (account.key == nullptr) {
            verdicts_[i] = refused(outcome::no_key_registered);
        } else {
            __builtin_prefetch(account.key);
            auto& next = waiting_[waiting_count_++];
            next.position = i;
            next.id = asked.id();
            next.key_at = account.key;
            next.nonce = proof.nonce;
            next.signature = proof.signature;
            next.message = message_for_holder(asked, fingerprint_, proof.issued_at_unix_ms, proof.nonce);
            if (waiting_count_ == waiting_.size()) check_waiting();
        }
    }

    void check_waiting() {
        std::array<bool, signatures_at_once> valid;
        for (std::size_t k = 0; k < waiting_count_; ++k) {
            auto& it = waiting_[k];
            // The key stays as it is while we are inside the epoch: a new one comes with a new slot.
            key_words key;
            for (std::size_t w = 0; w < key.size(); ++w) key[w] = it.key_at[w].load(std::memory_order_relaxed);
            std::memcpy(it.key.bytes.data(), key.data(), sizeof key);
            items_[k] = {.message = it.message, .signature = &it.signature, .raw_key = &it.key, .key = nullptr};
        }
        // Those who have no key are few, and no signature is valid for the key that is all zeros.
        ed25519::verify_batch_with(with_.signatures, std::span{items_}.first(waiting_count_),
                                   std::span{valid}.first(waiting_count_));
        for (std::size_t k = 0; k < waiting_count_; ++k) {
            const auto& it = waiting_[k];
            if (it.key == ed25519::public_key{}) {
                verdicts_[it.position] = refused(outcome::no_key_registered);
                continue;
            }
            ++checked_count_;
            if (valid[k]) {
                used_.push_back({it.id, std::bit_cast<std::array<std::uint64_t, 2>>(it.nonce), it.position});
            } else {
                verdicts_[it.position] = refused(outcome::bad_signature);
            }
        }
        waiting_count_ = 0;
    }

    void refuse_repeated() {
        std::ranges::sort(used_);
        for (std::size_t k = 1; k < used_.size(); ++k)
            if (used_[k].is_same(used_[k - 1])) verdicts_[used_[k].position] = refused(outcome::proof_repeated);
    }

    const proof_kernels& with_;
    const citizen_index& index_;
    std::uint64_t fingerprint_;
    account_lookup accounts_;
    std::span<const request> requests_;
    std::span<const holder_proof> proofs_;
    std::span<verdict> verdicts_;
    const proof_options& options_;
    std::vector<request> questions_;
    std::vector<waiting> waiting_;
    std::vector<ed25519::batch_item> items_;
    std::vector<used_proof> used_;
    std::size_t waiting_count_ = 0;
    std::size_t checked_count_ = 0;
};

}  // namespace

std::size_t verify_with_proofs(const proof_kernels& with, const citizen_index& index, std::span<const request> requests,
                               std::span<const holder_proof> proofs, std::span<verdict> verdicts,
                               const proof_options& options) {
    assert(proofs.size() == requests.size() && verdicts.size() >= requests.size());
    proof_pipeline pipeline{with, index, requests, proofs, verdicts, options};
    pipeline.run();
    return pipeline.checked_count();
}

}  // namespace xacthuc::inline v0_1
