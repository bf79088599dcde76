// SPDX-License-Identifier: Apache-2.0
// Running the same work on several threads.
#pragma once

#include <functional>

namespace xacthuc::cli {

inline constexpr unsigned thread_count_max = 1024;

// As many as this process may run on.
[[nodiscard]] unsigned default_thread_count() noexcept;

// Calls work(0) on the caller's thread and work(1) … work(threads - 1) on others, and waits for all. Of the exceptions
// thrown, that of the lowest number is thrown on. Requires: the work stops soon when one of its threads has thrown.
void run_threads(unsigned threads, const std::function<void(unsigned)>& work);

}  // namespace xacthuc::cli
