// SPDX-License-Identifier: Apache-2.0
// How a long call tells its caller where it is, and is ended by her.
#pragma once

#include <xacthuc.h>

#include <cstddef>
#include <functional>

namespace xacthuc::c {

// Thrown through the library by a report that says no; guarded() makes XT_CANCELLED of it.
struct cancelled {};

// What the library's calls take as `report`.
[[nodiscard]] inline std::function<void(std::size_t)> reporter(const xt_progress& to, std::size_t total) {
    if (to.report == nullptr) return {};
    return [to, total](std::size_t done) {
        if (to.report(to.context, done, total) != 0) throw cancelled{};
    };
}

}  // namespace xacthuc::c
