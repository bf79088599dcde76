// SPDX-License-Identifier: Apache-2.0
#include "service/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace xacthuc::inline v0_1::service {
namespace {

constexpr const char* socket_variable = "NOTIFY_SOCKET";

}  // namespace

service_manager::service_manager() {
    const char* const named = std::getenv(socket_variable);
    if (named == nullptr) return;
    socket_ = named;
    ::unsetenv(socket_variable);
}

void service_manager::reloading() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    tell("RELOADING=1\nMONOTONIC_USEC=" +
         std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
}

// A manager that does not listen is no reason to fail.
void service_manager::tell(std::string_view text) const noexcept {
    ::sockaddr_un to{};
    const bool is_named = socket_.starts_with('/') || socket_.starts_with('@');
    if (!is_named || socket_.size() >= sizeof to.sun_path) return;
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return;
    to.sun_family = AF_UNIX;
    std::memcpy(&to.sun_path[0], socket_.data(), socket_.size());
    // A name without a file begins with a zero, which the variable cannot have.
    if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
    const auto size = static_cast<::socklen_t>(offsetof(::sockaddr_un, sun_path) + socket_.size());
    (void)::sendto(socket, text.data(), text.size(), MSG_NOSIGNAL, reinterpret_cast<const ::sockaddr*>(&to), size);
    ::close(socket);
}

}  // namespace xacthuc::inline v0_1::service
