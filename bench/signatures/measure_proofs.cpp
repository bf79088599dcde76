// SPDX-License-Identifier: Apache-2.0
#include "signatures/measure_proofs.hpp"

#include <sodium.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <vector>
#include <xacthuc/ed25519/verify.hpp>

#include "domain/octets.hpp"
#include "ed25519/batch.hpp"
#include "index/index_view.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Of this thread's time on the CPU, so that others who want the core do not count.
[[nodiscard]] double thread_seconds() noexcept {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class Work>
[[nodiscard]] double seconds_of(const Work& work) {
    const double begin = thread_seconds();
    work();
    return thread_seconds() - begin;
}

[[nodiscard]] double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// The signatures of one batch with everything that the engine has to find for itself at hand.
class signatures_alone {
  public:
    signatures_alone(const citizen_index& index, std::span<const request> requests,
                     std::span<const holder_proof> proofs)
        : keys_(requests.size()), messages_(requests.size()), valid_{std::make_unique<bool[]>(requests.size())} {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            [[maybe_unused]] const bool has_key = index.find_key(personal_id::from_trusted(requests[i].id()), keys_[i]);
            assert(has_key);
            messages_[i] = message_for_holder(requests[i], index.facts().digest_key_fingerprint,
                                              proofs[i].issued_at_unix_ms, proofs[i].nonce);
            items_.push_back(
                {.message = messages_[i], .signature = &proofs[i].signature, .raw_key = &keys_[i], .key = nullptr});
        }
    }
    void run(const ed25519::kernel& with) { ed25519::verify_batch_with(with, items_, {valid_.get(), items_.size()}); }

  private:
    std::vector<public_key> keys_;
    std::vector<holder_message> messages_;
    std::vector<ed25519::batch_item> items_;
    std::unique_ptr<bool[]> valid_;
};

struct signed_batch {
    agency_proof proof;
    agency_keys keys;

    explicit signed_batch(std::span<const request> batch) {
        public_key key;
        std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret;
        crypto_sign_keypair(octets(key.bytes), secret.data());
        proof.agency = batch.front().agency();
        keys.set(proof.agency, key).value();
        keys.promote();
        const auto message = message_for_agency(batch, proof.agency, 0, proof.nonce);
        crypto_sign_detached(octets(proof.signature.bytes), nullptr, octets(message), message.size(), secret.data());
    }
};

}  // namespace

proof_speed measure_proofs(const pipeline_kernels& with, const citizen_index& index, std::span<const request> requests,
                           std::span<const holder_proof> proofs, const proof_measure_options& options) {
    const auto size = options.batch_items;
    assert(size > 0 && requests.size() >= size && proofs.size() == requests.size() && options.round_count > 0);
    ed25519::prepare();
    proof_speed speed;
    speed.claims_kernel = with.lookups.name;
    speed.signature_kernel = with.signatures.name;
    std::vector<verdict> answers(size);
    const auto count_wrong = [&] {
        speed.wrong_answers += static_cast<std::size_t>(
            std::ranges::count_if(answers, [](const verdict& v) { return v.outcome() != outcome::verified; }));
    };
    std::vector<double> holder, alone, agency, claims, holder_ratios, agency_ratios;
    for (unsigned round = 0; round < options.round_count; ++round) {
        // Each way has a batch of its own, so that none finds another's lines in the cache.
        const auto first_of = [&](unsigned way) { return (3 * round + way) % (requests.size() / size) * size; };
        const auto batch = requests.subspan(first_of(0), size);
        const auto batch_proofs = proofs.subspan(first_of(0), size);
        const auto inside = index_view{index}.enter();
        holder.push_back(
            seconds_of([&] { answer_batch(with, index, {.requests = batch, .holders = batch_proofs}, answers); }));
        count_wrong();
        signatures_alone signatures{index, batch, batch_proofs};
        alone.push_back(seconds_of([&] { signatures.run(with.signatures); }));
        const auto unproved_batch = requests.subspan(first_of(1), size);
        claims.push_back(seconds_of([&] { with.lookups.verify(index, unproved_batch, answers); }));
        count_wrong();
        const auto agency_batch = requests.subspan(first_of(2), size);
        const signed_batch by_agency{agency_batch};
        agency.push_back(seconds_of([&] {
            answer_batch(with, index,
                         {.requests = agency_batch, .agency = &by_agency.proof, .agencies = &by_agency.keys}, answers);
        }));
        count_wrong();
        holder_ratios.push_back(alone.back() / holder.back());
        agency_ratios.push_back(claims.back() / agency.back());
    }
    const auto items = static_cast<double>(size);
    speed.holder_per_second = items / median(holder);
    speed.signatures_per_second = items / median(alone);
    speed.holder_ratio = median(holder_ratios);
    speed.agency_per_second = items / median(agency);
    speed.claims_per_second = items / median(claims);
    speed.agency_ratio = median(agency_ratios);
    return speed;
}

}  // namespace xacthuc::inline v0_1
