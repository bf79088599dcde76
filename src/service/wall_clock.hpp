// SPDX-License-Identifier: Apache-2.0
// The time, which the library never asks for itself.
#pragma once

#include <chrono>
#include <cstdint>

namespace xacthuc::inline v0_1::service {

// Milliseconds of Unix time, now.
[[nodiscard]] inline std::int64_t unix_ms_now() noexcept {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace xacthuc::inline v0_1::service
