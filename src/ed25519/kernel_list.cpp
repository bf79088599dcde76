// SPDX-License-Identifier: Apache-2.0
// The only place that asks the environment which kernel to use; the kernels themselves ask the CPU.
#include "ed25519/kernel_list.hpp"

#include <cstdlib>

namespace xacthuc::ed25519 {
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

const kernel& choose_kernel() noexcept {
    const char* const wanted = std::getenv("XACTHUC_ISA");
    if (wanted != nullptr) {
        if (const kernel* const it = find_kernel(wanted)) {
            return *it;
        }
    }
    const kernel* best = all_kernels[0];
    for (const kernel* const it : all_kernels) {
        best = it->runs_here() ? it : best;
    }
    return *best;
}

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

const kernel& current_kernel() noexcept {
    static const kernel& chosen = choose_kernel();
    return chosen;
}

}  // namespace xacthuc::ed25519
