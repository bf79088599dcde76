// SPDX-License-Identifier: Apache-2.0
// A key and moments for the tests of guards.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <xacthuc/guard/guard_key.hpp>
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::tests {

// 2026-11-18 08:00 in Vietnam, and the day.
inline constexpr std::int64_t morning_ms = 1'795'050'000'000 - 1'795'050'000'000 % 86'400'000 + 3'600'000;
inline constexpr std::int64_t day_ms = 86'400'000;
inline constexpr auto today = policy_day_of(morning_ms);

[[nodiscard]] inline guard_key key_of_tests() {
    std::array<std::byte, guard_key_bytes> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(7 * i + 1);
    return guard_key::from_bytes(bytes);
}

}  // namespace xacthuc::tests
