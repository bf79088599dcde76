// SPDX-License-Identifier: Apache-2.0
// What answers a batch: admit, judge, prove, settle, over blocks of it.
//
//   admit    admission.hpp    is the batch, and is each request, allowed to ask?   refused: never looked up
//            policing.hpp     … by policy
//   judge    kernel.hpp       what does the register say of each claim?            hands on the slot of each record
//   prove    proving.hpp      did the holder sign this?
//   settle   settlement.hpp   what does an answer mean for others of the call, and how much of it is shown?
#pragma once

#include <cstddef>
#include <span>
#include <xacthuc/engine/engine_parts.hpp>
#include <xacthuc/engine/request_batch.hpp>
#include <xacthuc/index/citizen_index.hpp>

#include "ed25519/kernel_job.hpp"
#include "engine/kernel.hpp"

namespace xacthuc::inline v0_1 {

struct pipeline_kernels {
    const kernels::kernel& lookups;
    const ed25519::kernel& signatures;
};

struct answered {
    freshness as_of;
    std::size_t signatures_checked = 0;  // of holders
};

// As engine::answer(). Requires: the caller is not inside the index.
answered answer_batch(const pipeline_kernels& with, const citizen_index& index, const request_batch& asked,
                      std::span<verdict> verdicts, const engine_parts& parts = {});
// As engine::verify() without proofs and parts: the stage of judging alone.
freshness judge_batch(const kernels::kernel& with, const citizen_index& index, std::span<const request> requests,
                      std::span<verdict> verdicts) noexcept;

}  // namespace xacthuc::inline v0_1
