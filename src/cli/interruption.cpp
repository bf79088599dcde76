// SPDX-License-Identifier: Apache-2.0
#include "cli/interruption.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {
namespace {

// Written by a signal's handler, in whichever thread that runs, and read by all.
std::atomic<bool> signal_seen = false;
std::atomic<int> wake_file = -1;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void remember_signal(int) {
    const int error = errno;
    signal_seen.store(true, std::memory_order_relaxed);
    // Never read: whoever waits from now on, in any thread, is woken.
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_file.load(std::memory_order_relaxed), &one, sizeof one);
    errno = error;
}

}  // namespace

void watch_for_interruption() {
    struct sigaction action {};
    action.sa_handler = remember_signal;
    // The signal may come to another thread than the one that waits, or just before it waits.
    if (wake_file.load(std::memory_order_relaxed) < 0) wake_file.store(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() noexcept {
    return signal_seen.load(std::memory_order_relaxed);
}

int interruption_file() noexcept {
    return wake_file.load(std::memory_order_relaxed);
}

void stop_if_interrupted() {
    if (interrupted()) throw command_error{exit_code::interrupted, "interrupted"};
}

}  // namespace xacthuc::cli
