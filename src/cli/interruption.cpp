// SPDX-License-Identifier: Apache-2.0
#include "cli/interruption.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {
namespace {

volatile std::sig_atomic_t signal_seen = 0;
volatile std::sig_atomic_t wake_file = -1;

extern "C" void remember_signal(int) {
    const int error = errno;
    signal_seen = 1;
    // Never read: whoever waits from now on, in any thread, is woken.
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_file, &one, sizeof one);
    errno = error;
}

}  // namespace

void watch_for_interruption() {
    struct sigaction action {};
    action.sa_handler = remember_signal;
    // The signal may come to another thread than the one that waits, or just before it waits.
    if (wake_file < 0) wake_file = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() noexcept {
    return signal_seen != 0;
}

int interruption_file() noexcept {
    return wake_file;
}

void stop_if_interrupted() {
    if (interrupted()) throw command_error{exit_code::interrupted, "interrupted"};
}

}  // namespace xacthuc::cli
