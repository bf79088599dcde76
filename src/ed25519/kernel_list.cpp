// SPDX-License-Identifier: Apache-2.0
#include "ed25519/kernel_list.hpp"

#include "ed25519/self_check.hpp"
#include "system/processor.hpp"

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

namespace {

// Null for the best.
[[nodiscard]] const char* wanted_kernel() noexcept {
    const auto& sets = instruction_sets();
    if (!sets.is_forced) return nullptr;
    // Without IFMA the wider registers gain nothing here.
    return name_of(sets.at_most == instruction_set::avx512 ? instruction_set::avx2 : sets.at_most).data();
}

}  // namespace

const kernel_choice& current_choice() {
    // Never destroyed: a thread that still verifies while the process ends reads it to the last.
    static const kernel_choice* const choice = new kernel_choice(choose_kernel(all_kernels, wanted_kernel()));
    return *choice;
}

const kernel& current_kernel() {
    return *current_choice().chosen;
}

}  // namespace xacthuc::inline v0_1::ed25519
