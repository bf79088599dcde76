// SPDX-License-Identifier: Apache-2.0
// A client over a plain socket that sends whatever bytes it is told to, and reads answers by a small reader of its own.
#pragma once

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace xacthuc::tests {

struct http_answer {
    unsigned status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;                            // of chunks, put together
    std::string raw_head;
    [[nodiscard]] std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    }
};

class raw_client {
  public:
    explicit raw_client(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        finish(reinterpret_cast<const sockaddr*>(&where), sizeof where);
        const int yes = 1;
        (void)::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    explicit raw_client(const std::filesystem::path& path) : socket_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_un where{};
        where.sun_family = AF_UNIX;
        std::memcpy(where.sun_path, path.c_str(), path.native().size());
        finish(reinterpret_cast<const sockaddr*>(&where), sizeof where);
    }
    raw_client(raw_client&& other) noexcept : socket_{std::exchange(other.socket_, -1)}, got_{std::move(other.got_)} {}
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;
    ~raw_client() {
        if (socket_ != -1) ::close(socket_);
    }

    // False where the other side is gone.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto put = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (put <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
        return true;
    }
    // Waits until the other side has read what was sent, a second at most. Only a Unix socket says so.
    void await_taken() const {
        for (int tries = 0; tries < 100'000; ++tries) {
            int left = 0;
            if (::ioctl(socket_, SIOCOUTQ, &left) != 0 || left == 0) return;
            std::this_thread::sleep_for(std::chrono::microseconds{10});
        }
    }
    // What is there, or comes within ten seconds; empty at the end.
    [[nodiscard]] std::string read_some() {
        if (got_.empty()) (void)fill_until([this] { return got_.empty() ? std::string::npos : 0; });
        return std::exchange(got_, {});
    }
    // All that comes until the other side ends.
    [[nodiscard]] std::string read_all() {
        (void)fill_until([] { return std::string::npos; });
        return std::exchange(got_, {});
    }
    void send_no_more() { (void)::shutdown(socket_, SHUT_WR); }
    // Without waiting: how much was taken.
    [[nodiscard]] std::size_t send_some(std::string_view bytes) {
        const auto put = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        return put > 0 ? static_cast<std::size_t>(put) : 0;
    }

    // The next answer; none where the connection ends, or nothing comes for ten seconds.
    [[nodiscard]] std::optional<http_answer> read() {
        auto head = read_head_only();
        if (!head) return std::nullopt;
        auto& answer = *head;
        if (answer.status == 100 || answer.status == 304) return answer;
        if (answer.header("transfer-encoding") == "chunked") return read_chunks(answer) ? head : std::nullopt;
        const auto size = std::stoul(answer.header("content-length"));
        if (fill_until([&] { return got_.size() >= size ? size : std::string::npos; }) == std::string::npos)
            return std::nullopt;
        answer.body = got_.substr(0, size);
        got_.erase(0, size);
        return answer;
    }
    // The same of one that has no body, whatever its head says: that to HEAD.
    [[nodiscard]] std::optional<http_answer> read_head_only() {
        const auto end = fill_until([this] { return got_.find("\r\n\r\n"); });
        if (end == std::string::npos) return std::nullopt;
        http_answer answer;
        answer.raw_head = got_.substr(0, end + 2);
        got_.erase(0, end + 4);
        read_head(answer);
        return answer;
    }
    [[nodiscard]] std::optional<http_answer> ask(std::string_view request) {
        if (!send(request)) return std::nullopt;
        return read();
    }
    // The same for an answer that comes while the request goes: who does not read would not be read from.
    [[nodiscard]] std::optional<http_answer> ask_reading(std::string_view request) {
        std::thread sending{[&] { (void)send(request); }};
        auto answer = read();
        sending.join();
        return answer;
    }
    // Whether the other side closes within ten seconds, with nothing more to read.
    [[nodiscard]] bool ends() {
        return got_.empty() &&
               fill_until([this] { return got_.empty() ? std::string::npos : 0; }) == std::string::npos && is_over_;
    }

  private:
    void finish(const sockaddr* where, socklen_t size) {
        const timeval patience{10, 0};
        (void)::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (::connect(socket_, where, size) != 0) throw std::runtime_error{"cannot connect"};
    }

    template <class Found>
    [[nodiscard]] std::size_t fill_until(const Found& found) {
        for (;;) {
            if (const auto at = found(); at != std::string::npos) return at;
            char piece[65'536];
            const auto size = ::recv(socket_, piece, sizeof piece, 0);
            if (size <= 0) {
                is_over_ = size == 0 || errno == ECONNRESET;
                return std::string::npos;
            }
            got_.append(piece, static_cast<std::size_t>(size));
        }
    }

    static void read_head(http_answer& into) {
        std::string_view rest = into.raw_head;
        const auto line = rest.substr(0, rest.find("\r\n"));
        into.status = static_cast<unsigned>(std::stoul(std::string{line.substr(9, 3)}));
        rest.remove_prefix(line.size() + 2);
        while (!rest.empty()) {
            const auto one = rest.substr(0, rest.find("\r\n"));
            const auto colon = one.find(": ");
            std::string name{one.substr(0, colon)};
            for (char& c : name)
                if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
            into.headers[name] = std::string{one.substr(colon + 2)};
            rest.remove_prefix(one.size() + 2);
        }
    }

    [[nodiscard]] bool read_chunks(http_answer& into) {
        for (;;) {
            const auto end = fill_until([this] { return got_.find("\r\n"); });
            if (end == std::string::npos) return false;
            const auto size = std::stoul(got_.substr(0, end), nullptr, 16);
            const auto whole = end + 2 + size + 2;
            if (fill_until([&] { return got_.size() >= whole ? whole : std::string::npos; }) == std::string::npos)
                return false;
            into.body += got_.substr(end + 2, size);
            got_.erase(0, whole);
            if (size == 0) return true;
        }
    }

    int socket_;
    std::string got_;
    bool is_over_ = false;
};

}  // namespace xacthuc::tests
