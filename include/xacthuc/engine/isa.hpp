// SPDX-License-Identifier: Apache-2.0
// Which of the processor's instructions answer.
#pragma once

#include <string_view>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// What is in use for what.
struct isa_in_use {
    std::string_view lookups;     // "portable", "x86_64_v3" or "x86_64_v4"
    std::string_view signatures;  // as ed25519::kernel_name()
    // What the environment variable XACTHUC_ISA says, where that is not one of portable, avx2, avx512 and avx512ifma or
    // more than this processor has: it is ignored, which is told on stderr once. Else "".
    std::string_view ignored;
};

// The best that the processor has, or what XACTHUC_ISA names, for lookups and signatures alike. The first call of the
// process that needs to know reads the variable.
// Concurrency: wait-free after that.
// Exceptions: std::bad_alloc, in the first call of the process.
[[nodiscard]] XACTHUC_API isa_in_use isa();

}  // namespace xacthuc::inline v0_1
