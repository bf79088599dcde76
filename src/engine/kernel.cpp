// SPDX-License-Identifier: Apache-2.0
#include "engine/kernel.hpp"

#include <algorithm>
#include <array>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/engine/isa.hpp>

#include "system/processor.hpp"

namespace xacthuc::inline v0_1 {
namespace kernels {
namespace {

// A processor that has an instruction set has all kernels up to its own.
[[nodiscard]] std::span<const kernel> up_to([[maybe_unused]] instruction_set set) noexcept {
#if defined(__x86_64__)
    static const std::array all{portable_kernel, x86_64_v3_kernel, x86_64_v4_kernel};
    return std::span{all}.first(std::min(all.size(), static_cast<std::size_t>(set) + 1));
#else
    return {&portable_kernel, 1};
#endif
}

}  // namespace

std::span<const kernel> available() noexcept {
    static const auto all = up_to(choose_instruction_sets(nullptr).at_most);
    return all;
}

const kernel& chosen() noexcept {
    static const kernel& choice = []() -> const kernel& {
        const auto& sets = instruction_sets();
        return up_to(watches_threads && !sets.is_forced ? instruction_set::portable : sets.at_most).back();
    }();
    return choice;
}

}  // namespace kernels

isa_in_use isa() {
    return {kernels::chosen().name, ed25519::kernel_name(), instruction_sets().ignored};
}

}  // namespace xacthuc::inline v0_1
