// SPDX-License-Identifier: Apache-2.0
#include "service/work_lane.hpp"

#include <exception>
#include <utility>

namespace xacthuc::inline v0_1::service {

void work_lane::start() {
    takes_ = true;
    thread_ = std::thread{[this] { run(); }};
}

void work_lane::stop() {
    {
        const std::lock_guard lock{guard_};
        takes_ = false;
    }
    comes_.notify_all();
    if (thread_.joinable()) thread_.join();
    waiting_.clear();
}

bool work_lane::add(work what, give_late give) {
    {
        const std::lock_guard lock{guard_};
        if (!takes_ || waiting_.size() >= waiting_max_) return false;
        waiting_.push_back({std::move(what), std::move(give)});
    }
    comes_.notify_one();
    return true;
}

void work_lane::run() {
    for (;;) {
        std::unique_lock lock{guard_};
        comes_.wait(lock, [this] { return !takes_ || !waiting_.empty(); });
        if (!takes_) return;
        const auto next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        late_answer made;
        try {
            made = next.what();
        } catch (const std::exception&) {
            made = late_answer::refusal(problem::records_unreadable);
        }
        next.give(std::move(made));
    }
}

}  // namespace xacthuc::inline v0_1::service
