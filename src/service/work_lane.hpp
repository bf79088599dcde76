// SPDX-License-Identifier: Apache-2.0
// A thread for what would keep an event loop waiting, and a queue before it that is bounded: who finds it full is told
// to come again, and nothing piles up.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "service/late_answer.hpp"

namespace xacthuc::inline v0_1::service {

class work_lane {
  public:
    using work = std::function<late_answer()>;

    explicit work_lane(std::size_t waiting_max) : waiting_max_{waiting_max} {}
    work_lane(const work_lane&) = delete;
    work_lane& operator=(const work_lane&) = delete;
    ~work_lane() { stop(); }

    void start();
    // Ends after the work that it is at; what waits is dropped.
    void stop();
    // False where the queue is full, or the lane has ended: then nothing is done or given. What fails for want of
    // memory gives problem::records_unreadable. Concurrency: any thread.
    [[nodiscard]] bool add(work what, give_late give);

  private:
    struct job {
        work what;
        give_late give;
    };
    void run();

    std::size_t waiting_max_;
    std::mutex guard_;
    std::condition_variable comes_;
    std::deque<job> waiting_;
    bool takes_ = false;
    std::thread thread_;
};

}  // namespace xacthuc::inline v0_1::service
