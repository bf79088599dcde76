// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/index/epoch.hpp>

namespace xacthuc::inline v0_1 {

epoch::guard epoch::enter() noexcept {
    // Each thread comes back to the place it had, so that two threads share one only when there are more of them than
    // places.
    static std::atomic<std::size_t> threads_seen{0};
    thread_local const std::size_t first = threads_seen.fetch_add(1, std::memory_order_relaxed);
    return enter_at(first);
}

}  // namespace xacthuc::inline v0_1
