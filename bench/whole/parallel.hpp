// SPDX-License-Identifier: Apache-2.0
// Timing the same work on several threads.
#pragma once

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace xacthuc::bench {

// Calls work(0 … threads - 1), each on its own thread, all let go at once. Returns the seconds until the last one is
// done, thread creation not counted.
inline double timed_parallel(unsigned threads, const std::function<void(unsigned)>& work) {
    using clock = std::chrono::steady_clock;
    std::barrier start{static_cast<std::ptrdiff_t>(threads)};
    std::vector<clock::time_point> began(threads);
    std::vector<clock::time_point> ended(threads);
    {
        std::vector<std::jthread> running;
        for (unsigned thread = 0; thread < threads; ++thread)
            running.emplace_back([&, thread] {
                start.arrive_and_wait();
                began[thread] = clock::now();
                work(thread);
                ended[thread] = clock::now();
            });
    }
    return std::chrono::duration<double>(std::ranges::max(ended) - std::ranges::min(began)).count();
}

// The part of `count` things that falls to one of `threads` threads.
struct share {
    std::size_t first;
    std::size_t count;
};
[[nodiscard]] inline share share_of(std::size_t count, unsigned threads, unsigned thread) noexcept {
    const auto first = count * thread / threads;
    return {first, count * (thread + 1) / threads - first};
}

[[nodiscard]] inline double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace xacthuc::bench
