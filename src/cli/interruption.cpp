// SPDX-License-Identifier: Apache-2.0
#include "cli/interruption.hpp"

#include <csignal>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {
namespace {

volatile std::sig_atomic_t signal_seen = 0;

extern "C" void remember_signal(int) {
    signal_seen = 1;
}

}  // namespace

void watch_for_interruption() {
    struct sigaction action {};
    action.sa_handler = remember_signal;
    // No SA_RESTART: a read that waits for a terminal or a pipe returns, and the loop around it stops.
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() noexcept {
    return signal_seen != 0;
}

void stop_if_interrupted() {
    if (interrupted()) throw command_error{exit_code::interrupted, "interrupted"};
}

}  // namespace xacthuc::cli
