// SPDX-License-Identifier: Apache-2.0
// Verification with a given kernel: what the public functions do with the kernel in use.
#pragma once

#include <cstdint>
#include <span>
#include <xacthuc/ed25519/verify.hpp>

#include "ed25519/kernel_job.hpp"

namespace xacthuc::inline v0_1::ed25519 {

bool verify_with(const kernel& kernel, const batch_item& item);
std::size_t verify_batch_with(const kernel& kernel, std::span<const batch_item> items, std::span<bool> verdicts);

}  // namespace xacthuc::inline v0_1::ed25519
