// SPDX-License-Identifier: Apache-2.0
#include "cli/follow_postgres/checkpoints_meanwhile.hpp"

#include <chrono>

#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/telling.hpp"

namespace xacthuc::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 500ms;
constexpr auto after_a_failure = 10min;

struct given_up {};

}  // namespace

checkpoints_meanwhile::checkpoints_meanwhile(registry& of, std::uint64_t after_changes)
    : of_{of}, after_{after_changes}, last_sequence_{of.opening().snapshot_as_of.sequence} {
    if (after_ != 0) thread_ = std::thread{[this] { run(); }};
}

checkpoints_meanwhile::~checkpoints_meanwhile() {
    gives_up_.store(true, std::memory_order_relaxed);
    end();
}

void checkpoints_meanwhile::finish() {
    end();
    if (after_ != 0) make_where_due();
}

std::uint64_t checkpoints_meanwhile::changes_since() const noexcept {
    return of_.index().as_of().sequence - last_sequence_.load(std::memory_order_relaxed);
}

void checkpoints_meanwhile::end() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard hold{guard_};
        ends_ = true;
    }
    wakes_.notify_one();
    thread_.join();
}

void checkpoints_meanwhile::run() {
    for (std::unique_lock hold{guard_}; !wakes_.wait_for(hold, between_looks, [this] { return ends_; });) {
        hold.unlock();
        make_where_due();
        hold.lock();
    }
}

void checkpoints_meanwhile::make_where_due() {
    if (changes_since() < after_ || std::chrono::steady_clock::now() < not_before_) return;
    checkpoint_options how;
    how.report = [this](std::size_t) {
        if (gives_up_.load(std::memory_order_relaxed) || interrupted()) throw given_up{};
    };
    try {
        const auto made = of_.checkpoint(how);
        if (made) {
            last_sequence_.store(made->as_of.sequence, std::memory_order_relaxed);
            return say("{} changes merged into {}", grouped(made->changes_merged), made->snapshot.string());
        }
        say("no snapshot was made, and one is tried again in ten minutes: {}", made.error().message());
    } catch (const given_up&) {
        return;
    } catch (const std::bad_alloc&) {
        say("no snapshot was made, and one is tried again in ten minutes: no memory for it");
    }
    not_before_ = std::chrono::steady_clock::now() + after_a_failure;
}

}  // namespace xacthuc::cli
