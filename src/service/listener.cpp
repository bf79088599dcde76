// SPDX-License-Identifier: Apache-2.0
#include "service/listener.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace xacthuc::inline v0_1::service {
namespace {

constexpr int clients_waiting = 4096;

[[nodiscard]] failure failure_at(const listener_settings& at) {
    return {make_error_code(errc::io), at.address + ": " + std::generic_category().message(errno)};
}

[[nodiscard]] open_socket make_socket(int family) {
    return open_socket{::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
}

[[nodiscard]] detailed_result<open_socket> listen_on_port(listener_settings& at) {
    const boost::asio::ip::tcp::endpoint where{boost::asio::ip::make_address(at.host), at.port};
    auto made = make_socket(where.protocol().family());
    const int yes = 1;
    boost::asio::ip::tcp::endpoint bound;
    auto size = static_cast<socklen_t>(bound.capacity());
    if (made.get() == -1 || ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) != 0 ||
        ::bind(made.get(), where.data(), static_cast<socklen_t>(where.size())) != 0 ||
        ::listen(made.get(), clients_waiting) != 0 || ::getsockname(made.get(), bound.data(), &size) != 0)
        return failure_at(at);
    at.port = bound.port();
    return made;
}

[[nodiscard]] detailed_result<open_socket> listen_on_path(const listener_settings& at) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    std::memcpy(where.sun_path, at.socket.c_str(), at.socket.native().size());
    const auto* const address = reinterpret_cast<const sockaddr*>(&where);
    // One that nobody listens to any more was left by a process that did not end well.
    const auto probe = make_socket(AF_UNIX);
    if (::connect(probe.get(), address, sizeof where) != 0 && errno == ECONNREFUSED) ::unlink(at.socket.c_str());
    auto made = make_socket(AF_UNIX);
    if (made.get() == -1 || ::bind(made.get(), address, sizeof where) != 0 ||
        ::chmod(at.socket.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0 ||
        ::listen(made.get(), clients_waiting) != 0)
        return failure_at(at);
    return made;
}

}  // namespace

detailed_result<std::vector<open_socket>> listen_at(listener_settings& at, unsigned threads) {
    std::vector<open_socket> all;
    for (unsigned k = 0; k < threads; ++k) {
        if (at.socket.empty()) {
            auto made = listen_on_port(at);
            if (!made) return made.error();
            all.push_back(*std::move(made));
        } else if (all.empty()) {
            auto made = listen_on_path(at);
            if (!made) return made.error();
            all.push_back(*std::move(made));
        } else {
            all.emplace_back(::fcntl(all.front().get(), F_DUPFD_CLOEXEC, 0));
            if (all.back().get() == -1) return failure_at(at);
        }
    }
    return all;
}

}  // namespace xacthuc::inline v0_1::service
