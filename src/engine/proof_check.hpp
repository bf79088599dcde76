// SPDX-License-Identifier: Apache-2.0
// Holder proofs: claims, then the keys of those who are found, then the signatures side by side, and last what came
// twice.
#pragma once

#include <cstddef>
#include <span>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/index/citizen_index.hpp>

#include "ed25519/kernel_job.hpp"
#include "engine/kernel.hpp"

namespace xacthuc::inline v0_1 {

struct proof_kernels {
    const kernels::kernel& claims;
    const ed25519::kernel& signatures;
};

// Enters the index for some requests at a time. Requires: proofs.size() == requests.size() <= verdicts.size().
// Returns the number of signatures checked. Exceptions: std::bad_alloc, before anything is answered.
std::size_t verify_with_proofs(const proof_kernels& with, const citizen_index& index, std::span<const request> requests,
                               std::span<const holder_proof> proofs, std::span<verdict> verdicts,
                               const proof_options& options);

}  // namespace xacthuc::inline v0_1
