// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <xacthuc/index/epoch.hpp>

namespace xacthuc {

epoch::guard epoch::enter() noexcept {
    // Each thread comes back to the place it had, so that two threads share one only when there are more of them than
    // places.
    static std::atomic<std::size_t> threads_seen{0};
    thread_local const std::size_t first = threads_seen.fetch_add(1, std::memory_order_relaxed);
    for (std::size_t i = first;; ++i) {
        auto& entered = places_[i % reader_count_max].entered;
        auto expected = idle;
        // Sequentially consistent: the announcement comes before every load of the index, as oldest_entered() sees it.
        if (entered.load(std::memory_order_relaxed) == idle &&
            entered.compare_exchange_strong(expected, now_.load(std::memory_order_seq_cst), std::memory_order_seq_cst))
            return guard{&entered};
    }
}

std::uint64_t epoch::oldest_entered() const noexcept {
    auto oldest = now_.load(std::memory_order_seq_cst);
    for (const auto& reader : places_)
        if (const auto entered = reader.entered.load(std::memory_order_seq_cst); entered != idle)
            oldest = std::min(oldest, entered);
    return oldest;
}

}  // namespace xacthuc
