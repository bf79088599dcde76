// SPDX-License-Identifier: Apache-2.0
// The threads of one call: started by it, ended before it returns.
#pragma once

#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace xacthuc::inline v0_1 {

// Runs work(worker) for workers 0 to threads - 1, worker 0 on the calling thread. Where the system refuses a thread, or
// memory for one, fewer run; the work must be shared out so that any one could do it all. What a worker throws is
// thrown here, after all have ended.
template <class Work>
void on_threads(unsigned threads, Work work) {
    std::atomic<bool> has_thrown{false};
    std::exception_ptr thrown;  // the first thrower's, read when all have ended
    const auto guarded = [&](unsigned worker) noexcept {
        try {
            work(worker);
        } catch (...) {
            if (!has_thrown.exchange(true)) thrown = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        try {
            others.reserve(threads);
            for (unsigned worker = 1; worker < threads; ++worker) others.emplace_back(guarded, worker);
        } catch (const std::exception&) {  // fewer, then
        }
        guarded(0);
    }
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace xacthuc::inline v0_1
