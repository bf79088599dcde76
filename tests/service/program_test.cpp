// SPDX-License-Identifier: Apache-2.0
// xacthucd as an operator runs it: checked, started, reloaded and ended by signals; its log names nobody.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "cli/command.hpp"
#include "service/raw_client.hpp"

using xacthuc::tests::raw_client;
using xacthuc_test::workplace;

namespace {

const std::string number = "001099123457";
const std::string name = "Kẻ Lạ Mặt";
const std::string configuration =
    "[register]\npath = \"reg\"\n[[listen]]\naddress = \"unix:s\"\n[limits]\ndrain_notice_ms = 1\n";

void make_registry(const workplace& place) {
    place.write("people.csv", "id,name,birth_date\n" + number + "," + name + ",1999-01-01\n");
    REQUIRE(place.shell("xacthuc import people.csv -o p.xts && xacthuc init --from p.xts reg").code == 0);
}

// The program under test in the background.
class running_program {
  public:
    explicit running_program(const workplace& at, const std::string& environment = {}) : at_{at} {
        const auto begun = at.shell("{ " + environment +
                                    " '" XACTHUCD_PROGRAM
                                    "' --config c.toml 2> log; echo $? > code; } < /dev/null > /dev/null & sleep 0.1; "
                                    "pgrep -P $! > pid");
        REQUIRE(begun.code == 0);
        process_ = std::stoi(at.read("pid"));
        REQUIRE(has_told("the register is loaded"));
    }
    ~running_program() {
        if (!has_ended()) (void)::kill(process_, SIGKILL);
    }
    [[nodiscard]] bool has_told(const std::string& what) const {
        return waits([&] { return at_.read("log").find(what) != std::string::npos; });
    }
    void tell(int signal) const { REQUIRE(::kill(process_, signal) == 0); }
    [[nodiscard]] bool has_ended() const { return at_.has("code") && !at_.read("code").empty(); }
    [[nodiscard]] std::string code() const {
        return waits([&] { return has_ended(); }) ? at_.read("code") : "none";
    }

  private:
    template <class What>
    [[nodiscard]] static bool waits(const What& what) {
        for (int k = 0; k < 1000; ++k) {
            if (what()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        return false;
    }
    const workplace& at_;
    int process_ = 0;
};

// What a service manager hears.
class datagrams {
  public:
    explicit datagrams(const std::filesystem::path& at) : socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
        ::sockaddr_un address{};
        address.sun_family = AF_UNIX;
        REQUIRE(at.native().size() < sizeof address.sun_path);
        at.native().copy(&address.sun_path[0], at.native().size());
        REQUIRE(::bind(socket_, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) == 0);
        const ::timeval patience{.tv_sec = 10, .tv_usec = 0};
        REQUIRE(::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
    }
    datagrams(const datagrams&) = delete;
    datagrams& operator=(const datagrams&) = delete;
    ~datagrams() { ::close(socket_); }

    [[nodiscard]] std::string next() const {
        std::string text(512, '\0');
        const auto size = ::recv(socket_, text.data(), text.size(), 0);
        text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
        return text;
    }

  private:
    int socket_;
};

[[nodiscard]] std::string question() {
    const std::string body = "{\"id\":\"" + number + "\",\"name\":\"" + name + "\"}";
    return "POST /v1/verify?" + number +
           " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("a configuration is checked whole before anything is opened") {
    const workplace place;
    const std::string check = "'" XACTHUCD_PROGRAM "' --check --config c.toml";
    CHECK(place.shell(check).code == 2);
    place.write("c.toml", configuration + "[nonsense]\n");
    const auto wrong = place.shell(check);
    CHECK(wrong.code == 2);
    CHECK(wrong.err.find("c.toml:7: unknown key \"nonsense\"") != std::string::npos);
    place.write("c.toml", configuration);
    CHECK(place.shell(check).code == 2);
    make_registry(place);
    CHECK(place.shell(check).code == 0);
    CHECK_FALSE(place.has("s"));
    place.write("c.toml", configuration + "[policy]\npath = \"none.toml\"\n");
    CHECK(place.shell(check).code == 2);
    place.write("c.toml",
                configuration + "[tls]\ncertificate = \"none\"\nkey = \"none\"\nclient_authorities = \"none\"\n");
    CHECK(place.shell(check).code == 2);
    CHECK(place.shell("'" XACTHUCD_PROGRAM "' --config c.toml").code == 1);
    CHECK(place.shell("'" XACTHUCD_PROGRAM "'").code == 2);
    CHECK(place.shell("'" XACTHUCD_PROGRAM "' --version").out.find("xacthucd ") == 0);
    CHECK(place.shell("'" XACTHUCD_PROGRAM "' --help").code == 0);
}

TEST_CASE("it answers, reloads at SIGHUP, ends at SIGTERM, and its log names nobody") {
    const workplace place;
    make_registry(place);
    place.write("c.toml", configuration);
    const running_program running{place};
    {
        raw_client client{place / "s"};
        const auto answer = client.ask(question());
        REQUIRE(answer);
        CHECK(answer->body.find("\"outcome\":0,") != std::string::npos);
        raw_client other{place / "s"};
        (void)other.ask("GET /" + name + " HTTP/1.1\r\nHost: " + name + "\r\n\r\n");
        running.tell(SIGHUP);
        CHECK(running.has_told("reloaded"));
        place.write("c.toml", configuration + name + " = " + number + "\n");
        running.tell(SIGHUP);
        CHECK(running.has_told("c.toml:7:"));
        CHECK(client.ask(question())->status == 200);
    }
    running.tell(SIGTERM);
    CHECK(running.code() == "0\n");
    CHECK(running.has_told("ended"));
    CHECK_FALSE(place.has("s"));
    // The last reload read a file that names somebody, and its fault does not say what stands there but a key.
    const auto log = place.read("log");
    CAPTURE(log);
    CHECK(log.find(number) == std::string::npos);
}

TEST_CASE("the service manager is told when it answers, reloads and ends, in this order") {
    const workplace place;
    make_registry(place);
    place.write("c.toml", configuration);
    const datagrams told{place / "manager"};
    const running_program running{place, "NOTIFY_SOCKET='" + (place / "manager").string() + "'"};
    CHECK(told.next() == "STATUS=loading the register");
    CHECK(told.next().starts_with("READY=1\n"));
    {
        raw_client client{place / "s"};
        CHECK(client.ask(question())->status == 200);
    }
    running.tell(SIGHUP);
    CHECK(told.next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(told.next().starts_with("READY=1\n"));
    running.tell(SIGTERM);
    CHECK(told.next().starts_with("STOPPING=1\n"));
    CHECK(running.code() == "0\n");
    // A manager that does not listen, or has a name that no socket can have, is none.
    for (const auto& manager : {std::string{"/none"}, std::string{"relative"}, '/' + std::string(200, 'x')}) {
        const running_program unheard{place, "NOTIFY_SOCKET='" + manager + '\''};
        unheard.tell(SIGTERM);
        CHECK(unheard.code() == "0\n");
    }
}

TEST_CASE("a register that cannot be loaded ends it with 1") {
    const workplace place;
    make_registry(place);
    place.write("c.toml", configuration);
    REQUIRE(place.shell("truncate -s 100 reg/snapshot-*.xts").code == 0);
    const auto run = place.shell("timeout 20 '" XACTHUCD_PROGRAM "' --config c.toml");
    CHECK(run.code == 1);
    CHECK(run.err.find("the register cannot be loaded") != std::string::npos);
}
