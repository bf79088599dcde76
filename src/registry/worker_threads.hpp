// SPDX-License-Identifier: Apache-2.0
// The threads of one call: started by it, ended before it returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace xacthuc {

// Runs work(worker) for workers 0 to threads - 1, worker 0 on the calling thread. Where the system refuses a thread,
// fewer run; the work must be shared out so that any one could do it all. What a worker throws is thrown here, after
// all have ended.
template <class Work>
void on_threads(unsigned threads, Work work) {
    std::mutex guard;
    std::exception_ptr thrown;
    const auto guarded = [&](unsigned worker) noexcept {
        try {
            work(worker);
        } catch (...) {
            const std::lock_guard lock{guard};
            thrown = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        others.reserve(threads);
        try {
            for (unsigned worker = 1; worker < threads; ++worker) others.emplace_back(guarded, worker);
        } catch (const std::system_error&) {  // fewer, then
        }
        guarded(0);
    }
    if (thrown) std::rethrow_exception(thrown);
}

// Neighbouring partitions that are handled in one go: at least one, and together about `bytes_max` at most.
struct partition_range {
    std::size_t first;
    std::size_t last;  // one past
};

template <class SizeOf>
[[nodiscard]] std::vector<partition_range> partition_ranges(std::size_t partitions, std::uint64_t bytes_max,
                                                            SizeOf size_of) {
    std::vector<partition_range> ranges;
    for (std::size_t first = 0; first < partitions;) {
        auto last = first + 1;
        for (auto bytes = size_of(first); last < partitions && bytes + size_of(last) <= bytes_max; ++last)
            bytes += size_of(last);
        ranges.push_back({first, last});
        first = last;
    }
    return ranges;
}

}  // namespace xacthuc
