// SPDX-License-Identifier: Apache-2.0
// The kernels of this build, and the one in use. The public functions use what current_kernel returns; tests and
// measurements take any kernel of the list and call the functions of batch.hpp with it.
#pragma once

#include <span>
#include <string_view>

#include "ed25519/kernel_job.hpp"

namespace xacthuc::inline v0_1::ed25519 {

namespace portable {
extern const kernel kernel_table;
}
namespace avx2 {
extern const kernel kernel_table;
}
namespace avx512ifma {
extern const kernel kernel_table;
}

// Returns all kernels that were compiled, the best last.
std::span<const kernel* const> compiled_kernels() noexcept;

// Returns the compiled kernel of that name if this CPU runs it, else null.
const kernel* find_kernel(std::string_view name) noexcept;

// The best kernel that this CPU runs and that passes its self-check, or the one that XACTHUC_ISA names; chosen by the
// first call. Exceptions: std::bad_alloc.
const kernel& current_kernel();

}  // namespace xacthuc::inline v0_1::ed25519
