// SPDX-License-Identifier: Apache-2.0
// The program itself, in a process of its own over a small nation: for those who mean ill, and look at what it leaves.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <string>

#include "service/service_at_work.hpp"

namespace xacthuc::tests {

// The program in a process of its own, with so many descriptors at most.
class program_under_attack {
  public:
    using preparing = std::function<void(const std::filesystem::path&)>;

    // `limits` are the rest of its configuration. What else is in its folder is for `prepare` to put there.
    explicit program_under_attack(
        const std::string& limits, rlim_t descriptors = 0,
        const preparing& prepare = [](const std::filesystem::path&) {})
        : on{300} {
        prepare(on.place.path());
        std::ofstream{on.place / "c.toml"} << "threads = 2\n[register]\npath = \"register\"\n[[listen]]\naddress = "
                                              "\"unix:socket\"\n[limits]\ndrain_notice_ms = 1\ndrain_ms = 100\n"
                                           << limits;
        const auto settings = (on.place / "c.toml").string();
        process_ = ::fork();
        REQUIRE(process_ != -1);
        if (process_ == 0) {
            const int log = ::open((on.place / "log").c_str(), O_WRONLY | O_CREAT, 0600);
            (void)::dup2(log, 2);
            const rlimit most{descriptors, descriptors};
            if (descriptors != 0) (void)::setrlimit(RLIMIT_NOFILE, &most);
            ::execl(XACTHUCD_PROGRAM, XACTHUCD_PROGRAM, "--config", settings.c_str(), static_cast<char*>(nullptr));
            ::_exit(127);
        }
        REQUIRE(comes_true([&] {
            try {
                auto any = client();
                const auto answer = any.ask(get("/readyz"));
                return answer && answer->status == 200;
            } catch (const std::exception&) {
                return false;
            }
        }));
    }
    program_under_attack(const program_under_attack&) = delete;
    program_under_attack& operator=(const program_under_attack&) = delete;
    ~program_under_attack() {
        (void)::kill(process_, SIGTERM);
        int status = 0;
        (void)::waitpid(process_, &status, 0);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == 0);
    }

    [[nodiscard]] raw_client client() const { return raw_client{on.place / "socket"}; }
    // Of its only listener on an address.
    [[nodiscard]] std::uint16_t port() const {
        std::ifstream in{on.place / "log"};
        for (std::string line; std::getline(in, line);)
            if (const auto at = line.find(" port "); at != std::string::npos)
                return static_cast<std::uint16_t>(std::stoul(line.substr(at + 6)));
        return 0;
    }
    // None where only root may look.
    [[nodiscard]] std::optional<std::size_t> descriptors() const {
        std::error_code error;
        std::filesystem::directory_iterator all{"/proc/" + std::to_string(process_) + "/fd", error};
        if (error) return std::nullopt;
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }
    [[nodiscard]] std::uint64_t resident_kib() const {
        std::ifstream in{"/proc/" + std::to_string(process_) + "/status"};
        for (std::string line; std::getline(in, line);)
            if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6));
        return 0;
    }
    [[nodiscard]] static double metric(raw_client& by, const std::string& name) {
        const auto text = by.ask(get("/metrics"));
        REQUIRE(text);
        const auto at = ("\n" + text->body).find("\n" + name + ' ');
        REQUIRE_MESSAGE(at != std::string::npos, name);
        return std::stod(text->body.substr(at + name.size() + 1));
    }

    registry_at_work on;

  private:
    pid_t process_ = -1;
};

}  // namespace xacthuc::tests
