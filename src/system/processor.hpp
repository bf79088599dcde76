// SPDX-License-Identifier: Apache-2.0
// The one place that asks what the processor can do, and how much of it may be used.
#pragma once

#include <cstdint>
#include <string_view>

namespace xacthuc::inline v0_1 {

// Whether ThreadSanitizer is built in, which takes a vector of atomics for a plain load: such code is then not chosen.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool watches_threads = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
inline constexpr bool watches_threads = true;
#else
inline constexpr bool watches_threads = false;
#endif
#else
inline constexpr bool watches_threads = false;
#endif

// What code here is compiled for. Who has one has all before it.
enum class instruction_set : std::uint8_t {
    portable,    // what every processor of the architecture has
    avx2,        // with BMI, BMI2, FMA, POPCNT and the CRC-32C instruction
    avx512,      // F, BW, DQ and VL
    avx512ifma,  // multiplying numbers of 52 bits
};

[[nodiscard]] std::string_view name_of(instruction_set of) noexcept;

// Concurrency: wait-free.
[[nodiscard]] bool processor_has(instruction_set wanted) noexcept;
// The same, as a function for tables of kernels.
template <instruction_set Wanted>
[[nodiscard]] bool processor_runs() noexcept {
    return processor_has(Wanted);
}
// Inline: asked for each record that is checked.
[[nodiscard]] inline bool processor_has_crc32c() noexcept {
#if defined(__x86_64__)
    return __builtin_cpu_supports("sse4.2") != 0;
#else
    return false;
#endif
}
// The instructions for SHA-256, which processors with any of the sets above may have or lack.
[[nodiscard]] bool processor_has_sha() noexcept;

struct instruction_sets_in_use {
    instruction_set at_most = instruction_set::portable;
    bool is_forced = false;  // by XACTHUC_ISA
    // What XACTHUC_ISA says where that is no set, or none that this processor has; else "".
    std::string_view ignored;
};
// What `wanted` asks for, of this processor; null asks for the best.
[[nodiscard]] instruction_sets_in_use choose_instruction_sets(const char* wanted) noexcept;

// By the environment variable XACTHUC_ISA, which the first call reads; what is ignored it tells on stderr. The text of
// `ignored` is a copy. Concurrency: wait-free after the first call.
[[nodiscard]] const instruction_sets_in_use& instruction_sets() noexcept;

}  // namespace xacthuc::inline v0_1
