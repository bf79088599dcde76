// SPDX-License-Identifier: Apache-2.0
#include "cli/threads.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

namespace xacthuc::cli {

unsigned default_thread_count() noexcept {
    return std::clamp(std::thread::hardware_concurrency(), 1U, thread_count_max);
}

void run_threads(unsigned threads, const std::function<void(unsigned)>& work) {
    std::vector<std::exception_ptr> thrown(threads);
    const auto guarded = [&](unsigned number) {
        try {
            work(number);
        } catch (...) {
            thrown[number] = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        try {
            for (unsigned number = 1; number < threads; ++number) others.emplace_back(guarded, number);
        } catch (const std::exception&) {  // fewer, then: any one could do all the work
        }
        guarded(0);
    }
    for (const auto& one : thrown)
        if (one) std::rethrow_exception(one);
}

}  // namespace xacthuc::cli
