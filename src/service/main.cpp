// SPDX-License-Identifier: Apache-2.0
// xacthucd: the service as a program.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <optional>
#include <string>

#include "service/server.hpp"
#include "service/service_manager.hpp"

using namespace xacthuc;
using namespace xacthuc::service;

namespace {

enum : int { done = 0, failed = 1, wrong_configuration = 2 };
constexpr std::chrono::milliseconds between_looks{20};

// A line of the log, in one write.
void tell(const std::string& text) {
    const auto line = "xacthucd: " + text + '\n';
    (void)!::write(STDERR_FILENO, line.data(), line.size());
}

void tell(const policy_faults& faults) {
    for (const auto& each : faults) tell(each.message());
}

// Runs until it is told to end, or cannot go on.
class process {
  public:
    explicit process(std::string file)
        : file_{std::move(file)}, signals_{events_, SIGINT, SIGTERM, SIGHUP}, loading_{events_} {}

    [[nodiscard]] int run(const settings& of) {
        await_signal();
        auto started = server::start(
            of, [](const std::string& text) { tell(text); },
            [this](const failure& why) {
                tell("the register cannot be loaded: " + why.message());
                boost::asio::post(events_, [this] { end(failed); });
            });
        if (!started) {
            tell(started.error().message());
            return failed;
        }
        serving_ = *std::move(started);
        for (const auto& each : serving_->listeners())
            tell(each.socket.empty() ? fmt::format("listening on {} port {}", each.host, each.port)
                                     : "listening on " + each.address);
        manager_.loading();
        await_ready();
        events_.run();
        manager_.stopping();
        serving_->end();
        tell("ended");
        return code_;
    }

  private:
    void await_signal() {
        signals_.async_wait([this](const boost::system::error_code& error, int number) {
            if (error) return;
            if (number != SIGHUP) {
                tell("ending");
                return end(done);
            }
            reload();
            await_signal();
        });
    }
    // The register is loaded by a thread of its own.
    void await_ready() {
        if (serving_->is_ready()) {
            is_ready_ = true;
            return manager_.ready();
        }
        loading_.expires_after(between_looks);
        loading_.async_wait([this](const boost::system::error_code& error) {
            if (!error) await_ready();
        });
    }
    void reload() {
        manager_.reloading();
        take_settings();
        if (is_ready_) manager_.ready();
    }
    void take_settings() {
        const auto of = read_settings(file_);
        if (!of) return tell(of.error());
        const auto reloaded = serving_->reload(*of);
        tell(reloaded ? "reloaded" : "not reloaded, all is as before: " + reloaded.error().message());
    }
    void end(int code) {
        code_ = code;
        events_.stop();
    }

    std::string file_;
    boost::asio::io_context events_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer loading_;
    service_manager manager_;
    std::unique_ptr<server> serving_;
    bool is_ready_ = false;
    int code_ = done;
};

[[nodiscard]] int run(const std::string& file, bool only_checks) {
    const auto of = read_settings(file);
    if (!of) {
        tell(of.error());
        return wrong_configuration;
    }
    if (const auto checked = server::check(*of); !checked) {
        tell(checked.error().message());
        return only_checks ? wrong_configuration : failed;
    }
    if (only_checks) return done;
    return process{file}.run(*of);
}

}  // namespace

int main(int argument_count, char** arguments) {
    CLI::App app{"Answers verification requests about citizens over HTTP.", "xacthucd"};
    std::string file;
    bool only_checks = false;
    app.add_option("--config", file, "Configuration, TOML")->required();
    app.add_flag("--check", only_checks, "Check configuration, keys and policy, and end");
    app.set_version_flag("--version", "xacthucd " XACTHUC_VERSION);
    app.footer(
        "SIGHUP takes certificates, keys of signatures, policy and limits anew; SIGTERM answers what is on its way and "
        "ends.\n"
        "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.");
    try {
        app.parse(argument_count, arguments);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? done : wrong_configuration;
    }
    // A dump would hold the register, and requests.
    ::prctl(PR_SET_DUMPABLE, 0);
    try {
        return run(file, only_checks);
    } catch (const std::exception& error) {
        tell(error.what());
        return failed;
    }
}
