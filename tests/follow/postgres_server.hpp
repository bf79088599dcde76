// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL server of our own, in a folder of its own, that listens on a Unix socket there and nowhere else. It ends
// with the test.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sources/postgres/session.hpp"

namespace xacthuc_test {

namespace pg = xacthuc::postgres;

// The folder of initdb and pg_ctl, of version 15 or later; empty where it is not installed.
[[nodiscard]] inline std::string postgres_programs() {
    std::string best;
    std::error_code error;
    for (const auto& one : std::filesystem::directory_iterator{"/usr/lib/postgresql", error})
        if (std::filesystem::exists(one.path() / "bin/initdb") && one.path().filename() >= "15" &&
            (best.empty() || one.path().string() < best))
            best = (one.path() / "bin").string();
    return best;
}

// Says that the test is skipped, and why, where there is no server.
[[nodiscard]] inline bool has_postgres() {
    if (!postgres_programs().empty()) return true;
    std::puts("all skipped: PostgreSQL 15 is not installed");
    return false;
}

class postgres_server {
  public:
    // `environment` is of the server alone: NAME=VALUE …
    explicit postgres_server(const std::string& settings = {}, const std::string& environment = {})
        : settings_{settings}, environment_{environment} {
        std::string path = "/tmp/xacthuc-pg-XXXXXX";
        if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error{"mkdtemp"};
        folder_ = path;
        // initdb and the server refuse to run as root.
        if (::geteuid() == 0) {
            as_ = "runuser -u postgres -- ";
            run("chown postgres '" + path + "'");
        }
        run(as_ + program("initdb") + " -D '" + data() + "' -U postgres -A trust -N -E UTF8 --no-locale");
        start();
    }
    postgres_server(const postgres_server&) = delete;
    postgres_server& operator=(const postgres_server&) = delete;
    ~postgres_server() {
        stop("immediate");
        std::error_code error;
        std::filesystem::remove_all(folder_, error);
    }

    // Requires: it does not run.
    void start() const {
        run("rm -f '" + folder_ + "/log'; " + as_ + (environment_.empty() ? "" : "env " + environment_ + ' ') +
            program("pg_ctl") + " -D '" + data() + "' -w -l '" + folder_ + "/log' -o \"-c listen_addresses='' -k " +
            folder_ + " -c wal_level=logical -c fsync=off -c max_prepared_transactions=10 -c max_connections=40 " +
            "-c max_wal_senders=20 -c max_replication_slots=20 -c shared_buffers=64MB " + settings_ + "\" start");
    }
    // "fast", or "immediate", which does not end in order.
    void stop(const std::string& how) const {
        static_cast<void>(std::system(
            (as_ + program("pg_ctl") + " -D '" + data() + "' -m " + how + " -w stop > /dev/null 2>&1").c_str()));
    }
    // As if the machine's power went: SIGKILL to the server and, through it, to all that it started.
    void kill_and_start() const {
        std::ifstream in{data() + "/postmaster.pid"};
        int pid = 0;
        in >> pid;
        if (pid > 1) ::kill(pid, SIGKILL);
        for (int left = 500; left != 0 && is_in_use(); --left) ::usleep(20'000);
        // The number may still be that of a dead process that nobody has waited for.
        for (const auto* const lock : {"/data/postmaster.pid", "/.s.PGSQL.5432.lock"})
            std::filesystem::remove(folder_ + lock);
        start();
    }

    [[nodiscard]] std::string conninfo(const std::string& database = "postgres") const {
        return "host=" + folder_ + " user=postgres dbname=" + database;
    }
    [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
    [[nodiscard]] std::string data() const { return folder_ + "/data"; }
    [[nodiscard]] static std::string program(const std::string& name) { return postgres_programs() + '/' + name; }
    [[nodiscard]] const std::string& as() const noexcept { return as_; }

    static void run(const std::string& line) {
        const int status = std::system(("{ " + line + "; } > /dev/null 2>&1").c_str());
        if (status == 0) return;
        const std::string marker = " -l '";
        const auto log = line.find(marker);
        if (log != std::string::npos)
            static_cast<void>(std::system(
                ("cat '" +
                 line.substr(log + marker.size(), line.find('\'', log + marker.size()) - log - marker.size()) + "' >&2")
                    .c_str()));
        throw std::runtime_error{"failed: " + line};
    }

  private:
    // Whether processes of the killed server still have its memory: a new one would refuse to start.
    [[nodiscard]] bool is_in_use() const {
        const auto found =
            "for p in /proc/[0-9]*; do [ \"$(readlink $p/cwd)\" = '" + data() + "' ] && exit 0; done; exit 1";
        return std::system((found + " 2> /dev/null").c_str()) == 0;
    }

    std::string settings_;
    std::string environment_;
    std::string folder_;
    std::string as_;
};

}  // namespace xacthuc_test
