// SPDX-License-Identifier: Apache-2.0
// The only place that asks the environment which kernel to use; the kernels themselves ask the CPU.
#include "ed25519/kernel_list.hpp"

#include <cstdlib>

#include "ed25519/self_check.hpp"

namespace xacthuc::inline v0_1::ed25519 {
namespace {

constexpr const kernel* all_kernels[] = {
    &portable::kernel_table,
#ifdef XACTHUC_ED25519_AVX2
    &avx2::kernel_table,
#endif
#ifdef XACTHUC_ED25519_AVX512IFMA
    &avx512ifma::kernel_table,
#endif
};

}  // namespace

std::span<const kernel* const> compiled_kernels() noexcept {
    return all_kernels;
}

const kernel* find_kernel(std::string_view name) noexcept {
    for (const kernel* const it : all_kernels) {
        if (it->name == name && it->runs_here()) {
            return it;
        }
    }
    return nullptr;
}

const kernel_choice& current_choice() {
    // Never destroyed: a thread that still verifies while the process ends reads it to the last.
    static const kernel_choice* const choice =
        new kernel_choice(choose_kernel(all_kernels, std::getenv("XACTHUC_ISA")));
    return *choice;
}

const kernel& current_kernel() {
    return *current_choice().chosen;
}

}  // namespace xacthuc::inline v0_1::ed25519
