// SPDX-License-Identifier: Apache-2.0
#include "system/processor.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::array all_sets{instruction_set::portable, instruction_set::avx2, instruction_set::avx512,
                              instruction_set::avx512ifma};

[[nodiscard]] instruction_set best() noexcept {
    return *std::find_if(all_sets.rbegin(), all_sets.rend(), processor_has);
}

// One line, cut where it is too long, in one write.
void tell_ignored(std::string_view value) noexcept {
    std::array<char, 256> line;
    std::size_t size = 0;
    const auto put = [&](std::string_view text) { size += text.copy(line.data() + size, line.size() - 1 - size); };
    put("xacthuc: XACTHUC_ISA=");
    put(value.substr(0, 40));
    const bool is_known = std::ranges::any_of(all_sets, [&](instruction_set one) { return name_of(one) == value; });
    put(is_known ? " is more than this processor has" : " is none of portable, avx2, avx512, avx512ifma");
    put("; it is ignored, and ");
    put(name_of(best()));
    put(" is used");
    line[size++] = '\n';
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), size);
}

}  // namespace

std::string_view name_of(instruction_set of) noexcept {
    static constexpr std::array<std::string_view, all_sets.size()> names{"portable", "avx2", "avx512", "avx512ifma"};
    return names[static_cast<std::size_t>(of)];
}

#if defined(__x86_64__)
bool processor_has(instruction_set wanted) noexcept {
    switch (wanted) {
        case instruction_set::portable:
            return true;
        case instruction_set::avx2:
            return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                   __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") && processor_has_crc32c();
        case instruction_set::avx512:
            return processor_has(instruction_set::avx2) && __builtin_cpu_supports("avx512f") &&
                   __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                   __builtin_cpu_supports("avx512vl");
        case instruction_set::avx512ifma:
            return processor_has(instruction_set::avx512) && __builtin_cpu_supports("avx512ifma");
    }
    return false;
}

// Not by __builtin_cpu_supports, which does not know them in every compiler.
bool processor_has_sha() noexcept {
    static const bool has = [] {
        constexpr unsigned sha = 1U << 29;
        unsigned a = 0, b = 0, c = 0, d = 0;
        return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & sha) != 0;
    }();
    return has;
}
#else
bool processor_has(instruction_set wanted) noexcept {
    return wanted == instruction_set::portable;
}

bool processor_has_sha() noexcept {
    return false;
}
#endif

instruction_sets_in_use choose_instruction_sets(const char* wanted) noexcept {
    if (wanted == nullptr || *wanted == 0) return {best(), false, {}};
    for (const auto one : all_sets)
        if (name_of(one) == wanted && processor_has(one)) return {one, true, {}};
    return {best(), false, wanted};
}

const instruction_sets_in_use& instruction_sets() noexcept {
    static std::array<char, 64> kept{};
    static const auto chosen = [] {
        auto found = choose_instruction_sets(std::getenv("XACTHUC_ISA"));
        if (found.ignored.empty()) return found;
        tell_ignored(found.ignored);
        // The environment may change.
        found.ignored = {kept.data(), found.ignored.copy(kept.data(), kept.size())};
        return found;
    }();
    return chosen;
}

}  // namespace xacthuc::inline v0_1
