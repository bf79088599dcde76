// SPDX-License-Identifier: Apache-2.0
// Whether a kernel computes rightly on the processor that it runs on, and what is used where it does not.
#pragma once

#include <span>
#include <string>

#include "ed25519/kernel_job.hpp"

namespace xacthuc::inline v0_1::ed25519 {

// Verifies known signatures, right and wrong, by every path of the kernel. Complexity: about 5 ms. Exceptions:
// std::bad_alloc. Requires that the kernel runs here.
[[nodiscard]] bool passes_self_check(const kernel& kernel);

struct kernel_choice {
    const kernel* chosen = nullptr;
    std::string rejected;  // names of those that did not pass, a blank between them
};

// The last of the kernels that runs here and passes, or of those up to the one that is wanted, where one has that name
// and runs here; `refusing_kernel` when none passes.
[[nodiscard]] kernel_choice choose_kernel(std::span<const kernel* const> kernels, const char* wanted,
                                          bool (*passes)(const kernel&) = passes_self_check);

// Says no to every signature: on a machine on which nothing computes rightly.
extern const kernel refusing_kernel;

// Of the choice in use: see kernel_list.hpp.
[[nodiscard]] const kernel_choice& current_choice();

}  // namespace xacthuc::inline v0_1::ed25519
