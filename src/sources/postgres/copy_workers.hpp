// SPDX-License-Identifier: Apache-2.0
// Threads that make records of copied rows while the next rows are read.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/index/index_builder.hpp>

#include "sources/postgres/session.hpp"
#include "sources/row_changes.hpp"

namespace xacthuc::inline v0_1::postgres {

struct copied_rows {
    std::uint64_t first = 0;  // the number of the first
    std::vector<copied_bytes> rows;
};

class copy_workers {
  public:
    // Told of each row that cannot be read, by one thread at a time.
    using leave_out = std::function<void(const sources::row_problem& why)>;

    // Requires: all outlive this.
    copy_workers(const sources::row_changes& rows, const digest_key& digests, index_builder& into, unsigned threads,
                 leave_out leaves_out);
    copy_workers(const copy_workers&) = delete;
    copy_workers& operator=(const copy_workers&) = delete;
    ~copy_workers();

    // Waits while too many are not done. Throws what a thread failed with.
    void add(copied_rows&& part);
    // Waits until all are done. Throws what a thread failed with.
    void finish();

  private:
    void work();
    void make(const copied_rows& part, index_builder::appender& into, std::vector<sources::row_cell>& cells);
    void end();

    const sources::row_changes& rows_;
    const digest_key& digests_;
    index_builder& into_;
    leave_out leaves_out_;
    std::mutex guard_;
    std::condition_variable changed_;
    std::deque<copied_rows> waiting_;
    bool is_ended_ = false;
    std::exception_ptr failure_;
    std::vector<std::thread> threads_;
};

}  // namespace xacthuc::inline v0_1::postgres
