// SPDX-License-Identifier: Apache-2.0
#include "engine/proving.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>

namespace xacthuc::inline v0_1 {
namespace {

// Whoever is not proved to be the holder learns nothing but why.
[[nodiscard]] verdict refused(outcome why) noexcept {
    return {why, 0, 0, 0};
}

// Whether there is somebody whose proof it could be.
[[nodiscard]] bool is_found(outcome what) noexcept {
    return what != outcome::not_found && what != outcome::superseded && what != outcome::damaged_record &&
           what != outcome::elsewhere;
}

// A key that is one, the base point.
constexpr std::uint64_t sixes = 0x6666'6666'6666'6666;
constinit const std::array<std::atomic<std::uint64_t>, 4> base_point{0x6666'6666'6666'6658, sixes, sixes, sixes};

[[nodiscard]] account nobodys_account() noexcept {
    return {account_status::unknown, account_level::unknown, base_point.data()};
}

}  // namespace

proving::proving(const kernels::kernel& lookups, const ed25519::kernel& signatures, const index_view& index,
                 std::size_t request_count, std::span<verdict> verdicts, settlement& settled)
    : lookups_{lookups},
      signatures_{signatures},
      fingerprint_{index.facts().digest_key_fingerprint},
      accounts_{index},
      verdicts_{verdicts},
      settled_{settled},
      waiting_(std::min(request_count, signatures_at_once)),
      items_(waiting_.size()) {}

void proving::take(const request& asked, const holder_proof& given, const proof_options& options, const rule& by,
                   std::size_t position, const slot* found) {
    auto& answer = verdicts_[position];
    if (answer.outcome() == outcome::malformed) return;
    const auto proof = given;  // whose memory may change
    auto times = options;
    times.max_age_ms = std::min<std::int64_t>(times.max_age_ms, by.proof_age_max_ms);
    if (const auto in_time = check_proof_time(proof.issued_at_unix_ms, times); in_time != outcome::verified) {
        answer = refused(in_time);
        return;
    }
    // An asker who may see one bit is not to learn from the time whom there is a key for.
    const auto decided = [&] {
        if (by.answer == answer_detail::one_bit) wait(asked, proof, position, nobodys_account(), true, true);
    };
    if (!is_found(answer.outcome())) return decided();
    auto account = accounts_.of(found, asked.id());
    if (!account) {
        // Its table was replaced since. Who is there now is judged anew, so that claims and key are of one record.
        const auto now = accounts_.find(asked.id());
        if (now.is != outcome::verified) {
            answer = {now.is, 0, 0, asked.claims()};
            return decided();
        }
        lookups_.judge({&now.at, 1}, {&asked, 1}, {&answer, 1});
        if (!is_found(answer.outcome())) return decided();
        account = now.of;
    }
    if (account->status == account_status::revoked) {
        answer = refused(outcome::key_revoked);
        return decided();
    }
    if (account->key == nullptr) {
        answer = refused(outcome::no_key_registered);
        return decided();
    }
    wait(asked, proof, position, *account, permits_level(by, account->level), false);
}

void proving::wait(const request& asked, const holder_proof& proof, std::size_t position, const account& of,
                   bool level_suffices, bool is_decided) {
    __builtin_prefetch(of.key);
    auto& next = waiting_[waiting_count_++];
    next.position = position;
    next.id = asked.id();
    next.key_at = of.key;
    next.nonce = proof.nonce;
    next.issued_at_unix_ms = proof.issued_at_unix_ms;
    next.signature = proof.signature;
    next.level_suffices = level_suffices;
    next.is_decided = is_decided;
    next.message = message_for_holder(asked, fingerprint_, proof.issued_at_unix_ms, proof.nonce);
    if (waiting_count_ == waiting_.size()) check_waiting();
}

void proving::check_waiting() {
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
    ed25519::verify_batch_with(signatures_, std::span{items_}.first(waiting_count_),
                               std::span{valid}.first(waiting_count_));
    for (std::size_t k = 0; k < waiting_count_; ++k) {
        const auto& it = waiting_[k];
        if (it.is_decided) continue;
        if (std::bit_cast<key_words>(it.key) == key_words{}) {
            verdicts_[it.position] = refused(outcome::no_key_registered);
            continue;
        }
        ++checked_count_;
        if (valid[k]) {
            auto taken = settled_.take_proof(it.id, it.nonce, it.issued_at_unix_ms, it.position);
            if (taken == outcome::verified && !it.level_suffices) taken = outcome::account_level_too_low;
            if (taken != outcome::verified) verdicts_[it.position] = refused(taken);
        } else {
            verdicts_[it.position] = refused(outcome::bad_signature);
        }
    }
    waiting_count_ = 0;
}

}  // namespace xacthuc::inline v0_1
