// SPDX-License-Identifier: Apache-2.0
// Whoever is killed, follower or server, and whenever: afterwards the register has every citizen as the table has her.
// And change by change it took what pg_recvlogical says that the server sent.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <thread>
#include <xacthuc/registry/change_feed.hpp>

#include "follow/followed_table.hpp"
#include "sanitized.hpp"
#include "sources/postgres/transaction_reader.hpp"

using namespace xacthuc_test;

namespace {

// A program that goes on beside the test, in a process group of its own.
class running {
  public:
    running(const std::string& folder, const std::string& line) {
        pid_ = ::fork();
        if (pid_ != 0) return;
        ::setpgid(0, 0);
        const std::filesystem::path program{XACTHUC_PROGRAM};
        const auto whole =
            "cd '" + folder + "' && PATH='" + program.parent_path().string() + "':\"$PATH\" && exec " + line;
        ::execl("/bin/bash", "bash", "-c", whole.c_str(), nullptr);
        ::_exit(127);
    }
    running(const running&) = delete;
    running& operator=(const running&) = delete;
    ~running() { end(SIGKILL); }

    // Returns the exit code, or 128 and the signal.
    int end(int signal) {
        if (pid_ <= 0) return 0;
        ::kill(-pid_, signal);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    pid_t pid_ = 0;
};

// Random transactions, some of them rolled back, some large.
class changing {
  public:
    explicit changing(std::uint64_t seed) : random_{seed} {}

    [[nodiscard]] std::string transaction() {
        std::string made = "BEGIN;";
        for (auto left = 1 + below(4); left != 0; --left) made += statement();
        return made + (below(6) == 0 ? "ROLLBACK" : "COMMIT");
    }
    [[nodiscard]] std::uint64_t below(std::uint64_t end) { return random_() % end; }

  private:
    [[nodiscard]] std::string statement() {
        const auto id = "lpad((1201000000 + " + std::to_string(1 + below(4000)) + ")::text, 12, '0')";
        const auto some = " WHERE so_cccd BETWEEN " + id + " AND lpad((1201000000 + " + std::to_string(below(4000)) +
                          ")::text, 12, '0');";
        const auto name = "'Tên " + std::string(1, static_cast<char>('A' + below(26))) + "'";
        switch (below(6)) {
            case 0:
                return "DELETE FROM hotich.cong_dan WHERE so_cccd = " + id + ";";
            case 1:
                return "INSERT INTO hotich.cong_dan (so_cccd, ho_ten, gioi_tinh) VALUES (" + id + ", " + name +
                       ", 1) ON CONFLICT (so_cccd) DO UPDATE SET ho_ten = EXCLUDED.ho_ten;";
            case 2:
                return "UPDATE hotich.cong_dan SET gioi_tinh = 3 - gioi_tinh" + some;
            case 3:
                return "SAVEPOINT a; DELETE FROM hotich.cong_dan" + some + "ROLLBACK TO a;";
            case 4:
                return "UPDATE hotich.cong_dan c SET so_cccd = lpad((1202000000 + stt)::text, 12, '0') WHERE so_cccd "
                       "= " +
                       id +
                       " AND NOT EXISTS (SELECT 1 FROM hotich.cong_dan d WHERE d.so_cccd ="
                       " lpad((1202000000 + c.stt)::text, 12, '0'));";
            default:
                return "UPDATE hotich.cong_dan SET ho_ten = " + name + some;
        }
    }

    std::mt19937_64 random_;
};

void sleep_ms(std::uint64_t ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds{ms});
}

// A program, started with its environment, has the clock that this says, and times that pass as they do.
class false_clock {
  public:
    false_clock() {
        std::string path = "/tmp/xacthuc-clock-XXXXXX";
        const int made = ::mkstemp(path.data());
        if (made < 0) throw std::runtime_error{"mkstemp"};
        ::fchmod(made, 0644);
        ::close(made);
        path_ = path;
        set("+0");
    }
    false_clock(const false_clock&) = delete;
    false_clock& operator=(const false_clock&) = delete;
    ~false_clock() { std::filesystem::remove(path_); }

    // Empty where it is not installed.
    [[nodiscard]] static std::string library() {
        std::error_code error;
        for (const auto& one : std::filesystem::directory_iterator{"/usr/lib", error})
            if (const auto found = one.path() / "faketime/libfaketimeMT.so.1"; std::filesystem::exists(found))
                return found.string();
        return {};
    }
    void set(const std::string& ahead) const { std::ofstream{path_} << ahead << '\n'; }
    [[nodiscard]] std::string environment() const {
        return "LD_PRELOAD=" + library() + " FAKETIME_TIMESTAMP_FILE=" + path_ +
               " FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_DISABLE_SHM=1";
    }

  private:
    std::string path_;
};

// Whether the slot has come to where the server's log is now.
[[nodiscard]] bool catches_up(const followed_table& people) {
    const auto wanted = people.ask("SELECT pg_current_wal_lsn()");
    for (int left = 200; left != 0; --left) {
        if (people.ask("SELECT confirmed_flush_lsn >= '" + wanted + "' FROM pg_replication_slots WHERE slot_name = '" +
                       people.slot() + "'") == "t")
            return true;
        sleep_ms(50);
    }
    return false;
}

// A transaction that a killed server may not take.
void try_to_run(const followed_table& people, const std::string& command) {
    try {
        people.run(command);
    } catch (const sources::source_error&) {
        sleep_ms(20);
    }
}

void kill_at_random(int rounds, std::uint64_t seed) {
    const postgres_server at{"-c wal_sender_timeout=3s"};
    const followed_table people{at};
    people.insert(1, 4000);
    people.publish();
    changing feed{seed};
    for (int round = 0; round < rounds; ++round) {
        CAPTURE(round);
        running follower{(people.place / "").string(),
                         people.command("--heartbeat-ms 200 --checkpoint-after 500 > log 2>&1")};
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{100 + feed.below(700)};
        while (std::chrono::steady_clock::now() < until) try_to_run(people, feed.transaction());
        const auto who = feed.below(4);
        if (who == 0) at.kill_and_start();
        if (who == 1) {
            at.stop("immediate");
            at.start();
        }
        if (who <= 1)
            for (int left = 5; left != 0; --left) people.run(feed.transaction());
        // A first copy is not tried again by itself, nor is a server that was not reached yet.
        const auto code = follower.end(SIGKILL);
        INFO(people.place.read("log"));
        CHECK((code == 128 + SIGKILL || (code == 1 && who <= 1)));
        if (round % 3 == 2 || round + 1 == rounds) {
            people.must_follow();
            people.compare();
        }
    }
}

// Beside the register itself, the follower has two parts in memory, whatever is in the transaction.
void take_one_transaction(std::uint64_t rows) {
    const followed_table people;
    people.publish();
    people.must_follow();
    people.insert(1, rows);
    const auto kilobytes_of = [&](const std::string& command) {
        const auto run = people.place.shell(
            "python3 -c 'import resource, subprocess, sys; code = "
            "subprocess.call(sys.argv[1:], stderr=open(\"log\", \"w\")); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); "
            "sys.exit(code)' " +
            command);
        INFO(people.place.read("log"));
        REQUIRE(run.code == 0);
        return std::stoull(run.out);
    };
    const auto while_taken = kilobytes_of(people.command("--once --checkpoint-after 0"));
    people.compare();
    // Opened anew, the register alone.
    const auto afterwards = kilobytes_of(people.command("--once"));
    CHECK(while_taken < afterwards + 200'000);
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("ten times follower or server are killed, and nothing is lost or made twice") {
    if (has_postgres()) kill_at_random(10, 1);
}

TEST_CASE("a transaction of many parts is taken whole, also by a follower that is killed within it") {
    if (!has_postgres()) return;
    const followed_table people;
    people.publish();
    people.must_follow();
    people.run(
        "BEGIN; CREATE TEMP TABLE n AS SELECT i FROM generate_series(1, 120000) i;"
        " INSERT INTO hotich.cong_dan (so_cccd, ho_ten) SELECT lpad((1201000000 + i)::text, 12, '0'), 'Một' FROM n;"
        " DELETE FROM hotich.cong_dan WHERE stt % 10 = 0; UPDATE hotich.cong_dan SET ho_ten = 'Hai' WHERE stt % 2 = 0;"
        " COMMIT");
    for (const std::uint64_t ms : {300U, 600U}) {
        running follower{(people.place / "").string(), people.command("--once > log 2>&1")};
        sleep_ms(ms);
        follower.end(SIGKILL);
    }
    people.must_follow();
    people.compare();
}

TEST_CASE("a follower that goes on hears the server through restarts, moves its slot, and ends when it is told to") {
    if (!has_postgres()) return;
    const postgres_server at{"-c wal_sender_timeout=1s"};
    const followed_table people{at};
    people.insert(1, 100);
    people.publish();
    people.must_follow();
    const auto position = [&] {
        return people.ask("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + people.slot() +
                          "'");
    };
    running follower{(people.place / "").string(),
                     people.command("--heartbeat-ms 200 --checkpoint-after 100 --metrics m.prom > log 2>&1")};
    // Nothing happens, and the slot moves on; longer than the server waits for a silent follower.
    sleep_ms(1500);
    const auto idle = position();
    sleep_ms(1500);
    CHECK(position() != idle);
    CHECK(people.place.read("m.prom").find("xacthuc_follow_connected 1") != std::string::npos);
    CHECK(people.place.read("m.prom").find("xacthuc_follow_reconnects_total 0") != std::string::npos);
    at.stop("fast");
    sleep_ms(300);
    at.start();
    people.run("UPDATE hotich.cong_dan SET ho_ten = 'Sau Khi Trở Lại'");
    CHECK(catches_up(people));
    for (int left = 50; left != 0 && people.place.read("log").find("100 changes merged into") == std::string::npos;
         --left)
        sleep_ms(100);
    CHECK(people.place.read("log").find("100 changes merged into") != std::string::npos);
    CHECK(follower.end(SIGTERM) == 130);
    people.compare();
}

TEST_CASE("clocks that jump, of the follower and of the server, lose nothing and stop nothing") {
    if (!has_postgres()) return;
    if (false_clock::library().empty() || XACTHUC_TEST_SANITIZED)
        return static_cast<void>(std::puts("skipped: faketime is not installed, or cannot stand beside a sanitizer"));
    const false_clock here;
    const false_clock there;
    const postgres_server at{"-c wal_sender_timeout=3s", there.environment()};
    const followed_table people{at};
    people.insert(1, 500);
    people.publish();
    people.must_follow();
    changing feed{11};
    const running follower{(people.place / "").string(), "env " + here.environment() + ' ' +
                                                             people.command("--heartbeat-ms 200 --checkpoint-after 300"
                                                                            " --metrics m.prom > log 2>&1")};
    const auto days_ahead = [](const std::string& seconds) {
        return std::llround((std::stod(seconds) - static_cast<double>(std::time(nullptr))) / 86'400);
    };
    const auto metric = [&](const std::string& name) {
        const auto text = people.place.read("m.prom");
        const auto found = text.find("\nxacthuc_follow_" + name + ' ');
        if (found == std::string::npos) return std::string{"0"};
        const auto from = text.find(' ', found) + 1;
        return text.substr(from, text.find('\n', from) - from);
    };
    for (const bool of_server : {false, true})
        for (const int days : {0, 400, -400, 3, 0}) {
            CAPTURE(of_server);
            CAPTURE(days);
            (of_server ? there : here).set((days < 0 ? "" : "+") + std::to_string(days) + 'd');
            for (int left = 10; left != 0; --left) try_to_run(people, feed.transaction());
            INFO(people.place.read("log"));
            CHECK(catches_up(people));
            if (of_server) {
                CHECK(days_ahead(people.ask("SELECT extract(epoch FROM clock_timestamp())")) == days);
                continue;
            }
            for (int left = 60; left != 0 && days_ahead(metric("updated_time_seconds")) != days; --left) sleep_ms(50);
            CHECK(days_ahead(metric("updated_time_seconds")) == days);
            CHECK(metric("reconnects_total") == "0");
        }
    people.compare();
}

TEST_CASE("change by change a register takes what pg_recvlogical says that the server sent") {
    if (!has_postgres()) return;
    const followed_table people;
    people.insert(1, 4000);
    people.publish();
    people.must_follow();
    const auto tool = people.server().as() + postgres_server::program("pg_recvlogical") + " -d '" + people.conninfo() +
                      "' -S " + people.database() + "_peer ";
    postgres_server::run(tool + "-P pgoutput --create-slot");
    changing feed{7};
    for (int left = 150; left != 0; --left) try_to_run(people, feed.transaction());
    const auto end = people.ask("SELECT pg_current_wal_lsn()");
    people.must_follow();
    const auto sent = people.server().folder() + "/sent-" + people.database();
    postgres_server::run(tool + "-o proto_version=1 -o publication_names=xacthuc --start --no-loop --endpos " + end +
                         " -f " + sent);

    // Each message is followed by a line feed, which may be in it too: a message is what can be read.
    const auto bytes = content_of(sent);
    const auto mapping = sources::parse_mapping(people_mapping, "map.toml").value();
    const auto digests = digest_key::load(people.place / "register/digest.key").value();
    pg::transaction_reader reader{
        mapping, digests,
        static_cast<std::uint32_t>(std::stoul(people.ask("SELECT 'hotich.cong_dan'::regclass::oid")))};
    std::vector<change> wanted;
    pg::message one;
    for (std::size_t at = 0, feed_at = 0; at < bytes.size(); feed_at = at) {
        do feed_at = bytes.find('\n', feed_at + 1);
        while (feed_at != std::string::npos &&
               pg::read_message(std::as_bytes(std::span{bytes}.subspan(at, feed_at - at)), one));
        REQUIRE(feed_at != std::string::npos);
        reader.take(one, wanted);
        at = feed_at + 1;
    }
    auto taken = change_feed::open(people.place / "register", digests).value();
    std::vector<change> got;
    while (taken.next(got).value() != 0) {
    }
    REQUIRE(got.size() == wanted.size());
    CHECK(wanted.size() > 1000);
    std::size_t differ = 0;
    for (std::size_t k = 0; k < got.size(); ++k)
        differ += got[k].kind == wanted[k].kind && got[k].after == wanted[k].after ? 0 : 1;
    CHECK(differ == 0);
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("nightly");

TEST_CASE("three hundred times follower or server are killed") {
    if (has_postgres()) kill_at_random(300, 2);
}

TEST_CASE("a transaction of five million rows is taken in little memory") {
    if (has_postgres()) take_one_transaction(5'000'000);
}

TEST_SUITE_END();
