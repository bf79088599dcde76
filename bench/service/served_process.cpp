// SPDX-License-Identifier: Apache-2.0
#include "service/served_process.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <stdexcept>
#include <thread>

#include "service/server.hpp"

namespace xacthuc::bench {
namespace {

// In the new process: serves until the other end of the pair is closed.
[[noreturn]] void serve(const std::filesystem::path& registry, const served_options& how, int pair) {
    service::settings of;
    of.register_path = registry;
    of.threads = 1;
    of.signatures.agencies = how.agencies;
    of.signatures.max_ahead = std::chrono::milliseconds{0};
    of.most.tick_batches = how.tick_batches;
    of.most.drain_notice = std::chrono::milliseconds{1};
    of.listeners.push_back({.address = "127.0.0.1:0", .host = "127.0.0.1"});
    auto started = service::server::start(
        of, [](const std::string&) {}, [](const failure&) { ::_exit(1); });
    if (!started) ::_exit(1);
    while (!(*started)->is_ready()) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    const auto port = (*started)->listeners().front().port;
    if (::write(pair, &port, sizeof port) != sizeof port) ::_exit(1);
    char nothing = 0;
    (void)!::read(pair, &nothing, 1);
    started->reset();
    ::_exit(0);
}

}  // namespace

served_process::served_process(const std::filesystem::path& registry, const served_options& how) {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) throw std::runtime_error{"socketpair"};
    process_ = ::fork();
    if (process_ == -1) throw std::runtime_error{"fork"};
    if (process_ == 0) {
        ::close(pair[0]);
        serve(registry, how, pair[1]);
    }
    ::close(pair[1]);
    alive_ = pair[0];
    if (::read(alive_, &port_, sizeof port_) != sizeof port_) throw std::runtime_error{"the service did not start"};
}

served_process::~served_process() {
    ::close(alive_);
    ::waitpid(process_, nullptr, 0);
}

double served_process::cpu_seconds() const {
    clockid_t clock{};
    timespec now{};
    if (::clock_getcpuclockid(process_, &clock) != 0 || ::clock_gettime(clock, &now) != 0)
        throw std::runtime_error{"the service has ended"};
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace xacthuc::bench
