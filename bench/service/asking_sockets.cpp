// SPDX-License-Identifier: Apache-2.0
#include "service/asking_sockets.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <deque>
#include <stdexcept>
#include <thread>
#include <vector>

namespace xacthuc::bench {
namespace {

class client_socket {
  public:
    explicit client_socket(std::uint16_t port) : descriptor_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int yes = 1;
        (void)::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0)
            throw std::runtime_error{"cannot connect to the service"};
    }
    client_socket(client_socket&& other) noexcept : descriptor_{other.descriptor_}, got{std::move(other.got)} {
        other.descriptor_ = -1;
    }
    client_socket(const client_socket&) = delete;
    client_socket& operator=(const client_socket&) = delete;
    ~client_socket() {
        if (descriptor_ != -1) ::close(descriptor_);
    }

    void send(std::string_view text) const {
        while (!text.empty()) {
            const auto put = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
            if (put <= 0) throw std::runtime_error{"the service ended a connection"};
            text.remove_prefix(static_cast<std::size_t>(put));
        }
    }
    void read() {
        std::array<char, 65'536> piece;  // NOLINT: filled by recv
        const auto size = ::recv(descriptor_, piece.data(), piece.size(), 0);
        if (size <= 0) throw std::runtime_error{"the service ended a connection"};
        got.append(piece.data(), static_cast<std::size_t>(size));
    }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  private:
    int descriptor_;

  public:
    std::string got;
    std::size_t awaited = 0;
};

// Takes whole answers out of what came.
[[nodiscard]] std::uint64_t take_answers(client_socket& from, std::string_view wanted) {
    constexpr std::string_view length_name = "Content-Length: ";
    std::uint64_t wrong = 0;
    std::size_t at = 0;
    while (from.awaited != 0) {
        const auto rest = std::string_view{from.got}.substr(at);
        const auto head = rest.find("\r\n\r\n");
        const auto length = rest.find(length_name);
        if (head == std::string_view::npos || length > head) break;
        std::size_t size = 0;
        std::from_chars(rest.data() + length + length_name.size(), rest.data() + head, size);
        if (rest.size() < head + 4 + size) break;
        const bool is_right = rest.starts_with("HTTP/1.1 200") && rest.substr(head + 4, size).starts_with(wanted);
        wrong += is_right ? 0 : 1;
        at += head + 4 + size;
        --from.awaited;
    }
    from.got.erase(0, at);
    return wrong;
}

// Connections, and the loop that tells which of them has something to read.
class asking_loop {
  public:
    asking_loop(std::uint16_t port, std::size_t connections) : loop_{::epoll_create1(EPOLL_CLOEXEC)} {
        for (std::size_t k = 0; k < connections; ++k) {
            all.emplace_back(port);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = k;
            (void)::epoll_ctl(loop_, EPOLL_CTL_ADD, all.back().descriptor(), &event);
        }
    }
    asking_loop(const asking_loop&) = delete;
    asking_loop& operator=(const asking_loop&) = delete;
    ~asking_loop() { ::close(loop_); }

    // The numbers of those that have something within so long.
    [[nodiscard]] std::span<const std::size_t> wait(int patience_ms) {
        std::array<epoll_event, at_once> events;
        const int count = ::epoll_wait(loop_, events.data(), static_cast<int>(events.size()), patience_ms);
        const auto told = static_cast<std::size_t>(std::max(count, 0));
        for (std::size_t k = 0; k < told; ++k) ready_[k] = events[k].data.u64;
        return std::span{ready_}.first(told);
    }

    std::vector<client_socket> all{};

  private:
    static constexpr std::size_t at_once = 64;
    int loop_;
    std::array<std::size_t, at_once> ready_{};
};

}  // namespace

std::uint64_t ask_in_turns(std::uint16_t port, std::size_t connections, std::span<const std::string> texts,
                           std::size_t answers_a_text, std::size_t rounds, std::string_view wanted) {
    asking_loop loop{port, connections};
    auto& all = loop.all;
    std::size_t sent = 0;
    const auto send_next = [&](client_socket& to) {
        if (sent == rounds) return;
        to.awaited = answers_a_text;
        to.send(texts[sent++ % texts.size()]);
    };
    for (auto& each : all) send_next(each);
    std::uint64_t wrong = 0;
    for (std::size_t done = 0; done < rounds;) {
        const auto ready = loop.wait(10'000);
        if (ready.empty()) throw std::runtime_error{"the service does not answer"};
        for (const auto which : ready) {
            auto& one = all[which];
            one.read();
            wrong += take_answers(one, wanted);
            if (one.awaited != 0) continue;
            ++done;
            send_next(one);
        }
    }
    return wrong;
}

scheduled_answers ask_on_schedule(std::uint16_t port, std::size_t connections, std::span<const std::string> texts,
                                  double per_second, std::size_t count, std::string_view wanted) {
    using clock = std::chrono::steady_clock;
    asking_loop loop{port, connections};
    auto& all = loop.all;
    std::vector<std::deque<clock::time_point>> due(connections);
    scheduled_answers made;
    made.took.reserve(count);
    const auto begun = clock::now();
    auto last_answer = begun;
    const auto time_of = [&](std::size_t k) {
        return begun + std::chrono::nanoseconds{static_cast<std::int64_t>(static_cast<double>(k) * 1e9 / per_second)};
    };
    for (std::size_t sent = 0; made.took.size() < count;) {
        for (const auto now = clock::now(); sent < count && time_of(sent) <= now; ++sent) {
            auto& to = all[sent % connections];
            due[sent % connections].push_back(time_of(sent));
            ++to.awaited;
            to.send(texts[sent % texts.size()]);
        }
        for (const auto which : loop.wait(0)) {
            auto& one = all[which];
            one.read();
            const auto before = one.awaited;
            made.wrong += take_answers(one, wanted);
            last_answer = clock::now();
            for (auto left = before - one.awaited; left != 0; --left) {
                made.took.push_back(last_answer - due[which].front());
                due[which].pop_front();
            }
        }
        if (clock::now() - std::max(last_answer, time_of(sent)) > std::chrono::seconds{10})
            throw std::runtime_error{"the service does not answer"};
    }
    std::ranges::sort(made.took);
    return made;
}

std::uint64_t ask_at_length(std::uint16_t port, std::string_view text, std::string_view wanted) {
    client_socket one{port};
    std::thread sending{[&] { one.send(text); }};
    std::uint64_t found = 0;
    bool is_over = false;
    while (!is_over) {
        one.read();
        std::size_t at = 0;
        for (auto next = one.got.find(wanted); next != std::string::npos; next = one.got.find(wanted, at)) {
            ++found;
            at = next + wanted.size();
        }
        is_over = one.got.ends_with("\r\n0\r\n\r\n");
        // What may be the beginning of another stays.
        const auto kept = std::max(at, one.got.size() - std::min(one.got.size(), wanted.size()));
        one.got.erase(0, kept);
    }
    sending.join();
    return found;
}

}  // namespace xacthuc::bench
