// SPDX-License-Identifier: Apache-2.0
// The real server over a small nation, in the test's own process and on ports of its own, ending with the test.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <xacthuc/registry/registry.hpp>

#include "service/raw_client.hpp"
#include "service/server.hpp"
#include "unit/engine/small_nation.hpp"
#include "unit/registry/scratch_directory.hpp"

namespace xacthuc::tests {

// Waits until something holds, ten seconds at most.
template <class What>
[[nodiscard]] bool comes_true(const What& what) {
    using clock = std::chrono::steady_clock;
    for (const auto until = clock::now() + std::chrono::seconds{10}; clock::now() < until;) {
        if (what()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return what();
}

// A nation's registry in a folder.
class registry_at_work {
  public:
    explicit registry_at_work(std::uint64_t citizens, bool with_keys = false) : nation{citizens, 0.62, with_keys} {
        create_registry_options how;
        how.keeps_authority = true;
        REQUIRE(registry::create(folder, nation.index(), test_key(), authority, how).has_value());
    }

    scratch_directory place{scratch_directory::quick_place()};
    std::filesystem::path folder = place / "register";
    small_nation nation;
    authority_key authority = authority_key::generate();
};

class service_at_work {
  public:
    using change = std::function<void(service::settings&)>;

    explicit service_at_work(
        std::uint64_t citizens = 1000, const change& as = [](service::settings&) {}, bool waits = true,
        bool with_keys = false)
        : on{citizens, with_keys} {
        with.register_path = on.folder;
        with.threads = 2;
        with.listeners.push_back({.address = "127.0.0.1:0", .host = "127.0.0.1"});
        with.listeners.push_back({.address = "unix:socket", .socket = on.place / "socket"});
        with.most.drain_notice = std::chrono::milliseconds{1};
        as(with);
        start();
        if (waits) REQUIRE(comes_true([this] { return running->is_ready(); }));
    }
    ~service_at_work() { running.reset(); }

    void start() {
        auto started = service::server::start(
            with,
            [this](const std::string& line) {
                const std::lock_guard lock{guard_};
                told_ += line + '\n';
            },
            [this](const failure& why) {
                const std::lock_guard lock{guard_};
                told_ += "failed: " + why.message() + '\n';
            });
        if (!started) FAIL(started.error().message());
        running = *std::move(started);
    }

    [[nodiscard]] std::uint16_t port(std::size_t listener = 0) const { return running->listeners()[listener].port; }
    [[nodiscard]] raw_client client() const { return raw_client{port()}; }
    [[nodiscard]] raw_client unix_client() const { return raw_client{on.place / "socket"}; }
    // What it wrote to its log.
    [[nodiscard]] std::string told() const {
        const std::lock_guard lock{guard_};
        return told_;
    }
    // The value of a metric, by its name and labels.
    [[nodiscard]] double metric(const std::string& name) const {
        auto from = client();
        const auto text = from.ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        REQUIRE(text);
        const auto at = ("\n" + text->body).find("\n" + name + ' ');
        REQUIRE_MESSAGE(at != std::string::npos, name);
        return std::stod(text->body.substr(at + name.size() + 1));
    }

    registry_at_work on;
    service::settings with;
    std::unique_ptr<service::server> running;

  private:
    mutable std::mutex guard_;
    std::string told_;
};

[[nodiscard]] inline std::string get(std::string_view path, std::string_view headers = "") {
    return "GET " + std::string{path} + " HTTP/1.1\r\nHost: x\r\n" + std::string{headers} + "\r\n";
}
[[nodiscard]] inline std::string post(std::string_view path, std::string_view type, std::string_view body,
                                      std::string_view headers = "") {
    return "POST " + std::string{path} + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + std::string{type} +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string{headers} + "\r\n" +
           std::string{body};
}
[[nodiscard]] inline std::string post_question(std::string_view body, std::string_view headers = "") {
    return post("/v1/verify", "application/json", body, headers);
}
[[nodiscard]] inline std::string post_lines(std::string_view body) {
    return post("/v1/verify/batch", "application/x-ndjson", body);
}

}  // namespace xacthuc::tests
