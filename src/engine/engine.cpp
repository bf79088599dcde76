// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>
#include <xacthuc/engine/engine.hpp>

#include "ed25519/kernel_list.hpp"
#include "engine/kernel.hpp"
#include "engine/proof_check.hpp"

namespace xacthuc::inline v0_1 {

namespace {

// A reader leaves its epoch and enters again after so many requests, some milliseconds, so that a batch of any size
// holds back no memory that writers have retired.
constexpr std::size_t requests_an_epoch = std::size_t{1} << 16;

}  // namespace

freshness engine::verify(std::span<const request> requests, std::span<verdict> verdicts) const noexcept {
    const auto& kernel = kernels::chosen();
    freshness as_of;
    std::size_t from = 0;
    do {
        const auto inside = index_->enter();
        if (from == 0) as_of = index_->as_of();
        const auto count = std::min(requests_an_epoch, requests.size() - from);
        kernel.verify(*index_, requests.subspan(from, count), verdicts.subspan(from, count));
        from += count;
    } while (from < requests.size());
    return as_of;
}

freshness engine::verify(std::span<const request> requests, std::span<const holder_proof> proofs,
                         std::span<verdict> verdicts, const proof_options& options) const {
    const auto as_of = index_->as_of();
    verify_with_proofs({kernels::chosen(), ed25519::current_kernel()}, *index_, requests, proofs, verdicts, options);
    return as_of;
}

freshness engine::verify(std::span<const request> requests, const agency_proof& given, const agency_keys& keys,
                         std::span<verdict> verdicts, const proof_options& options) const {
    // What was signed is what is answered, though others may write there meanwhile.
    const std::vector<request> signed_requests(requests.begin(), requests.end());
    const auto proof = given;
    const auto proved = check_agency_proof(signed_requests, proof, keys, options);
    if (proved != outcome::verified) {
        for (auto& each : verdicts.first(requests.size())) each = {proved, 0, 0, 0};
        return index_->as_of();
    }
    const auto as_of = verify(signed_requests, verdicts);
    for (std::size_t i = 0; i < signed_requests.size(); ++i)
        if (signed_requests[i].agency() != proof.agency) verdicts[i] = {outcome::bad_signature, 0, 0, 0};
    return as_of;
}

}  // namespace xacthuc::inline v0_1
