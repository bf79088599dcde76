// SPDX-License-Identifier: Apache-2.0
// How fast the engine is with proofs: holder proofs beside their signatures alone, agency proofs beside no proofs.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <xacthuc/engine/proof.hpp>
#include <xacthuc/index/citizen_index.hpp>

#include "engine/pipeline.hpp"

namespace xacthuc::inline v0_1 {

struct proof_measure_options {
    // Each round times every way once, on the same requests; the medians over the rounds are reported.
    unsigned round_count = 15;
    std::size_t batch_items = 4096;
};

// On one thread, by its CPU time.
struct proof_speed {
    std::string claims_kernel;
    std::string signature_kernel;
    double holder_per_second = 0;      // claims, keys and signatures
    double signatures_per_second = 0;  // the same signatures by verify_batch, keys and messages at hand
    double holder_ratio = 0;           // the first to the second, median of the rounds
    double agency_per_second = 0;      // one signature a batch, and the batch's hash
    double claims_per_second = 0;      // the same requests without proofs
    double agency_ratio = 0;
    std::size_t wrong_answers = 0;  // other than verified
};

// Requires: requests.size() == proofs.size() >= batch_items, round_count > 0; all requests name one agency, get
// verified and are rightly signed; ed25519::prepare() was called or may be now. Every round takes three batches further
// on, so that with 3 * round_count * batch_items requests none is met twice. Exceptions: std::bad_alloc.
[[nodiscard]] proof_speed measure_proofs(const pipeline_kernels& with, const citizen_index& index,
                                         std::span<const request> requests, std::span<const holder_proof> proofs,
                                         const proof_measure_options& options = {});

}  // namespace xacthuc::inline v0_1
