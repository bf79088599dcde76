// SPDX-License-Identifier: Apache-2.0
#include "sources/change_applier.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "sources/source_error.hpp"

namespace xacthuc::inline v0_1::sources {

change_applier::change_applier(registry& into, std::uint64_t number, leave_out leaves_out)
    : into_{into},
      leaves_out_{std::move(leaves_out)},
      done_file_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)},
      durable_{number} {
    if (done_file_ < 0) throw source_error{source_fault::refused, std::generic_category().message(errno)};
    thread_ = std::thread{[this] { work(); }};
}

change_applier::~change_applier() {
    {
        const std::lock_guard hold{guard_};
        is_ended_ = true;
    }
    given_.notify_all();
    thread_.join();
    ::close(done_file_);
}

bool change_applier::is_idle() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(done_file_, &count, sizeof count);
    const std::lock_guard hold{guard_};
    if (failure_) std::rethrow_exception(failure_);
    return !has_part_;
}

void change_applier::give(change_part&& next) {
    {
        const std::lock_guard hold{guard_};
        part_ = std::move(next);
        has_part_ = true;
    }
    given_.notify_all();
}

void change_applier::work() {
    for (;;) {
        std::unique_lock hold{guard_};
        given_.wait(hold, [&] { return is_ended_ || has_part_; });
        if (!has_part_) return;
        auto part = std::move(part_);
        hold.unlock();
        std::exception_ptr failure;
        try {
            apply(part);
        } catch (...) {
            failure = std::current_exception();
        }
        hold.lock();
        has_part_ = false;
        failure_ = failure;
        hold.unlock();
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto put = ::write(done_file_, &one, sizeof one);
        if (failure) return;
    }
}

void change_applier::apply(change_part& part) {
    const auto wanted = part.changes.size();
    for (;;) {
        std::vector<refused_change> refused;
        const auto done = into_.apply(part.changes, part.position, &refused);
        // What is pending is durable, and is made in memory with what comes next.
        if (done || done.error().code == errc::changes_pending) break;
        if (done.error().code != errc::changes_refused)
            throw source_error{source_fault::refused, done.error().message()};
        leave_out_refused(part, refused);
    }
    changes_.fetch_add(wanted, std::memory_order_relaxed);
    if (part.position.empty()) return;
    if (part.commit_unix_us != 0) commit_unix_us_.store(part.commit_unix_us, std::memory_order_relaxed);
    durable_.store(part.number, std::memory_order_release);
}

void change_applier::leave_out_refused(change_part& part, const std::vector<refused_change>& refused) {
    std::size_t kept = 0;
    std::size_t next = 0;
    for (std::size_t k = 0; k < part.changes.size(); ++k) {
        if (next == refused.size() || refused[next].place != k) {
            part.changes[kept++] = part.changes[k];
            continue;
        }
        const auto& why = refused[next++];
        if (part.changes[k].kind == change_kind::erase && why.why == errc::citizen_unknown) continue;
        if (!leaves_out_) throw source_error{source_fault::row, "the register refuses a change: " + why.why.message()};
        leaves_out_(why);
    }
    part.changes.resize(kept);
}

}  // namespace xacthuc::inline v0_1::sources
