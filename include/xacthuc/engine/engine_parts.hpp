// SPDX-License-Identifier: Apache-2.0
// What an engine may have besides an index.
#pragma once

#include <xacthuc/engine/live_policy.hpp>

namespace xacthuc::inline v0_1 {

// Borrowed. What is not there costs nothing, and asks nothing of requests.
struct engine_parts {
    // Who may ask what. With it, calls have to say the time.
    const live_policy* policy = nullptr;
};

}  // namespace xacthuc::inline v0_1
