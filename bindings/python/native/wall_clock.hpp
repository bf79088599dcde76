// SPDX-License-Identifier: Apache-2.0
// The time, for calls that do not say it: the library itself reads no clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace xacthuc::python {

// Milliseconds of Unix time.
[[nodiscard]] inline std::int64_t now_unix_ms() noexcept {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace xacthuc::python
