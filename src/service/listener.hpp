// SPDX-License-Identifier: Apache-2.0
// Sockets that clients connect to, one for each thread.
#pragma once

#include <unistd.h>

#include <string>
#include <utility>
#include <vector>
#include <xacthuc/domain/error.hpp>

#include "service/settings.hpp"

namespace xacthuc::inline v0_1::service {

// A descriptor that is closed with its owner.
class open_socket {
  public:
    explicit open_socket(int descriptor = -1) noexcept : descriptor_{descriptor} {}
    open_socket(open_socket&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}
    open_socket& operator=(open_socket&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~open_socket() {
        if (descriptor_ != -1) ::close(descriptor_);
    }
    [[nodiscard]] int get() const noexcept { return descriptor_; }
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }

  private:
    int descriptor_;
};

// Of TCP, each is a socket of its own on the same port (SO_REUSEPORT), among which the kernel shares clients out; a
// port of 0 is chosen by the kernel, and `at` is told. Of a Unix socket all are one. Errors: io, with the address.
[[nodiscard]] detailed_result<std::vector<open_socket>> listen_at(listener_settings& at, unsigned threads);

}  // namespace xacthuc::inline v0_1::service
