// SPDX-License-Identifier: Apache-2.0
// The one file of the engine that asks the processor.
#include "engine/kernel.hpp"

#include <cstdlib>

#if defined(__SANITIZE_THREAD__)
#define XACTHUC_SEES_THREADS 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define XACTHUC_SEES_THREADS 1
#endif
#endif

namespace xacthuc::inline v0_1::kernels {

std::span<const kernel> available() noexcept {
#if defined(__x86_64__)
    static constexpr kernel all[]{{"portable", verify_portable, find_portable, judge_portable},
                                  {"x86_64_v3", verify_x86_64_v3, find_x86_64_v3, judge_x86_64_v3},
                                  {"x86_64_v4", verify_x86_64_v4, find_x86_64_v4, judge_x86_64_v4}};
    const bool has_v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("sse4.2") &&
                        __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    const bool has_v4 = has_v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                        __builtin_cpu_supports("popcnt");
    return {all, has_v4 ? std::size_t{3} : has_v3 ? std::size_t{2} : std::size_t{1}};
#else
    static constexpr kernel all[]{{"portable", verify_portable, find_portable, judge_portable}};
    return all;
#endif
}

const kernel& chosen() noexcept {
    static const kernel& choice = []() -> const kernel& {
        const auto all = available();
        if (const char* const wanted = std::getenv("XACTHUC_ENGINE"))
            for (const auto& each : all)
                if (each.name == wanted) return each;
#if defined(XACTHUC_SEES_THREADS)
        return all.front();  // ThreadSanitizer takes a vector of atomics for a plain load
#else
        return all.back();
#endif
    }();
    return choice;
}

}  // namespace xacthuc::inline v0_1::kernels
