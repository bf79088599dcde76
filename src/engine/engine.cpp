// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/engine/engine.hpp>

#include "domain/contract.hpp"
#include "ed25519/kernel_list.hpp"
#include "engine/kernel.hpp"
#include "engine/pipeline.hpp"

namespace xacthuc::inline v0_1 {

freshness engine::answer(const request_batch& asked, std::span<verdict> verdicts) const {
    constexpr auto* call = "engine::answer";
    const contract::counted requests{asked.requests.size(), "requests"};
    contract::room_for(call, {verdicts.size(), "verdicts"}, requests);
    if (!asked.holders.empty()) contract::as_many(call, {asked.holders.size(), "holders' proofs"}, requests);
    contract::holds(call, asked.agency == nullptr || asked.agencies != nullptr, "an agency's proof without agencies");
    if (asked.agency == nullptr && asked.holders.empty() && !asked.asker && parts_.policy == nullptr &&
        parts_.table == nullptr && parts_.watch == nullptr && parts_.rows == nullptr)
        return judge_batch(kernels::chosen(), *index_, asked.requests, verdicts);
    // Choosing one builds tables, so it is not done for who has no signatures.
    const auto& signatures = asked.holders.empty() ? ed25519::portable::kernel_table : ed25519::current_kernel();
    return answer_batch({kernels::chosen(), signatures}, *index_, asked, verdicts, parts_).as_of;
}

freshness engine::verify(std::span<const request> requests, std::span<verdict> verdicts) const noexcept {
    return answer({.requests = requests}, verdicts);
}

freshness engine::verify(std::span<const request> requests, std::span<const holder_proof> proofs,
                         std::span<verdict> verdicts, const proof_options& options) const {
    // Without this, who lost the proofs would be answered as if none were wanted.
    contract::as_many("engine::verify", {proofs.size(), "holders' proofs"}, {requests.size(), "requests"});
    return answer({.requests = requests, .holders = proofs, .proofs = options}, verdicts);
}

freshness engine::verify(std::span<const request> requests, const agency_proof& proof, const agency_keys& keys,
                         std::span<verdict> verdicts, const proof_options& options) const {
    return answer({.requests = requests, .agency = &proof, .agencies = &keys, .proofs = options}, verdicts);
}

}  // namespace xacthuc::inline v0_1
