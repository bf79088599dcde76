// SPDX-License-Identifier: Apache-2.0
// What stands between a client and a service, or in its place, and misbehaves: by plain sockets and threads of the
// test's own.
#pragma once

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace xacthuc::tests {

class socket_of_test {
  public:
    explicit socket_of_test(int number) : number_{number} {}
    socket_of_test(socket_of_test&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    socket_of_test(const socket_of_test&) = delete;
    socket_of_test& operator=(const socket_of_test&) = delete;
    ~socket_of_test() {
        if (number_ != -1) ::close(number_);
    }
    [[nodiscard]] static socket_of_test connected(std::uint16_t port) {
        socket_of_test made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        auto where = loopback(port);
        REQUIRE(::connect(made.number(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
        return made;
    }
    [[nodiscard]] static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return where;
    }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto put = ::send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (put <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
        return true;
    }
    // What is there, waiting for the first byte; empty at the end.
    [[nodiscard]] std::string some() const {
        char piece[16'384];
        const auto size = ::recv(number_, piece, sizeof piece, 0);
        return {piece, size > 0 ? static_cast<std::size_t>(size) : 0};
    }
    // The end will be a reset, and not a goodbye.
    void break_off() const {
        const linger at_once{1, 0};
        (void)::setsockopt(number_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }

  private:
    int number_;
};

// Listens on the loopback, and has a thread of its own serve one connection after the other.
class serving {
  public:
    using serve_one = std::function<void(const socket_of_test&)>;
    explicit serving(serve_one by) : listening_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}, by_{std::move(by)} {
        auto where = socket_of_test::loopback(0);
        socklen_t size = sizeof where;
        REQUIRE(::bind(listening_.number(), reinterpret_cast<const sockaddr*>(&where), size) == 0);
        REQUIRE(::listen(listening_.number(), 16) == 0);
        REQUIRE(::getsockname(listening_.number(), reinterpret_cast<sockaddr*>(&where), &size) == 0);
        port_ = ntohs(where.sin_port);
        thread_ = std::thread{[this] {
            for (;;) {
                socket_of_test one{::accept(listening_.number(), nullptr, nullptr)};
                if (one.number() == -1) return;
                ++taken_;
                by_(one);
            }
        }};
    }
    serving(const serving&) = delete;
    serving& operator=(const serving&) = delete;
    ~serving() {
        (void)::shutdown(listening_.number(), SHUT_RDWR);
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] int taken() const { return taken_; }

  private:
    socket_of_test listening_;
    serve_one by_;
    std::uint16_t port_ = 0;
    std::atomic<int> taken_ = 0;
    std::thread thread_;
};

// Hands bytes on between a client and a service. The first connection is cut when so many have gone up, or down.
class cutting_proxy {
  public:
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

    cutting_proxy(std::uint16_t service, std::size_t up_max, std::size_t down_max, bool resets)
        : serving_{[=, this](const socket_of_test& client) {
              const bool is_cut = !std::exchange(was_cut_, true);
              const auto to = socket_of_test::connected(service);
              hand_on(client, to, is_cut ? up_max : never, is_cut ? down_max : never);
              if (!is_cut || !resets) return;
              client.break_off();
              to.break_off();
          }} {}
    [[nodiscard]] std::uint16_t port() const { return serving_.port(); }
    [[nodiscard]] int taken() const { return serving_.taken(); }
    [[nodiscard]] std::size_t up() const { return up_; }
    [[nodiscard]] std::size_t down() const { return down_; }

  private:
    void hand_on(const socket_of_test& client, const socket_of_test& service, std::size_t up_max,
                 std::size_t down_max) {
        up_ = 0;
        down_ = 0;
        while (up_ < up_max) {
            pollfd both[] = {{client.number(), POLLIN, 0}, {service.number(), POLLIN, 0}};
            if (::poll(both, 2, 20'000) <= 0) return;
            if (both[0].revents != 0 && !pass(client, service, up_, up_max)) return;
            if (both[1].revents != 0 && (down_max == 0 || !pass(service, client, down_, down_max))) return;
            if (down_ == down_max) return;
        }
    }
    [[nodiscard]] static bool pass(const socket_of_test& from, const socket_of_test& to, std::atomic<std::size_t>& gone,
                                   std::size_t most) {
        auto bytes = from.some();
        bytes.resize(std::min(bytes.size(), most - gone));
        gone += bytes.size();
        return !bytes.empty() && to.send(bytes);
    }

    bool was_cut_ = false;
    std::atomic<std::size_t> up_ = 0;
    std::atomic<std::size_t> down_ = 0;
    serving serving_;
};

}  // namespace xacthuc::tests
