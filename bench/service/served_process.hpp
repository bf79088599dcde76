// SPDX-License-Identifier: Apache-2.0
// The service in a process of its own, so that its processor time can be told from its clients'.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>

namespace xacthuc::bench {

// How it serves.
struct served_options {
    std::filesystem::path agencies{};  // of public keys; empty: no signatures are taken
    bool tick_batches = true;
};

class served_process {
  public:
    // Starts the service over a registry's folder, with one thread, on a port of the loopback.
    // Requires: the calling process has one thread. Exceptions: std::runtime_error where it does not start.
    explicit served_process(const std::filesystem::path& registry, const served_options& how = {});
    served_process(const served_process&) = delete;
    served_process& operator=(const served_process&) = delete;
    ~served_process();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    // Of all its threads, since it began.
    [[nodiscard]] double cpu_seconds() const;

  private:
    pid_t process_ = -1;
    int alive_ = -1;  // it ends when this is closed
    std::uint16_t port_ = 0;
};

}  // namespace xacthuc::bench
