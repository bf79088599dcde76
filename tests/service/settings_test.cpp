// SPDX-License-Identifier: Apache-2.0
// A configuration is taken whole or not at all, and every fault is told with its line.
#include "service/settings.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace xacthuc;
using namespace xacthuc::service;

namespace {

const std::string good =
    "threads = 3\n[register]\npath = \"reg\"\n[policy]\npath = \"/p\"\nroot = \"x\"\n[guards]\nfolder = "
    "\"g\"\n[ledger]\n"
    "folder = \"l\"\norigin = \"o\"\nhistories = \"h\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"\nclient_authorities = "
    "\"a\"\nrevoked = "
    "\"r\"\n"
    "[desk]\nenabled = false\n[limits]\nbody_bytes = 2048\nidle_ms = 5\n[[listen]]\naddress = \"0.0.0.0:8443\"\ntls = "
    "true\n[[listen]]\n"
    "address = \"[::1]:80\"\nagency = 12\nhosts = [\"desk.vn\"]\n[[listen]]\naddress = \"unix:s\"\nsigned = true\n"
    "[signatures]\nagencies = \"k\"\nrevoked = [7, 9]\nkey = \"s\"\nrequired = true\nmax_ahead_ms = 5\n";
const std::string least = "[register]\npath = \"reg\"\n";

[[nodiscard]] std::string faults_of(const std::string& text) {
    const auto made = parse_settings(text, "/etc/x/x.toml");
    std::string all;
    if (!made)
        for (const auto& each : made.error()) all += each.message() + '\n';
    return all;
}

}  // namespace

TEST_CASE("a whole configuration is read, with paths beside the file") {
    const auto made = parse_settings(good, "/etc/x/x.toml");
    REQUIRE_MESSAGE(made.has_value(), faults_of(good));
    CHECK(made->threads == 3);
    CHECK(made->register_path == "/etc/x/reg");
    CHECK(made->policy == "/p");
    CHECK(made->guards == "/etc/x/g");
    CHECK(made->ledger == "/etc/x/l");
    CHECK(made->ledger_origin == "o");
    CHECK(made->ledger_histories == "/etc/x/h");
    CHECK(made->tls->revoked == "/etc/x/r");
    CHECK_FALSE(made->has_desk);
    CHECK(settings{}.has_desk);
    const auto clocks =
        parse_settings(least + "[[listen]]\naddress = \"unix:s\"\n[signatures]\nmax_ahead_ms = 7\n", "/x");
    REQUIRE(clocks.has_value());
    CHECK(clocks->signatures.max_ahead == std::chrono::milliseconds{7});
    CHECK(made->most.body_bytes == 2048);
    CHECK(made->most.idle == std::chrono::milliseconds{5});
    CHECK(made->most.head_bytes == limits{}.head_bytes);
    REQUIRE(made->listeners.size() == 3);
    CHECK(made->listeners[0].with_tls);
    CHECK(made->listeners[1].host == "::1");
    CHECK(made->listeners[1].port == 80);
    CHECK(made->listeners[1].agency == 12);
    CHECK(made->listeners[1].hosts == std::vector<std::string>{"desk.vn", "localhost", "127.0.0.1", "[::1]", "[::1]"});
    CHECK(made->listeners[0].hosts.empty());
    CHECK(made->listeners[2].hosts.empty());
    CHECK(made->listeners[2].socket == "/etc/x/s");
    CHECK(made->listeners[2].is_signed);
    CHECK_FALSE(made->listeners[1].is_signed);
    CHECK(made->signatures.agencies == "/etc/x/k");
    CHECK(made->signatures.revoked == std::vector<std::uint16_t>{7, 9});
    CHECK(made->signatures.key == "/etc/x/s");
    CHECK(made->signatures.required);
    CHECK(made->signatures.max_ahead == std::chrono::milliseconds{5});
}

TEST_CASE("each fault is told, all of them at once, and where") {
    struct bad {
        std::string text;
        std::string told;
    };
    const auto listen = [](const std::string& keys) { return least + "[[listen]]\n" + keys + "\n"; };
    for (const auto& [text, told] : std::vector<bad>{
             {"", "there is no [register]"},
             {listen("address = \"unix:s\"\nhosts = [\"a\"]"), "a Unix socket is called by any name: unix:s"},
             {listen("address = \"1.2.3.4:5\"\ntls = true\nhosts = [\"a\"]"),
              "TLS is called by the names of its certificate: 1.2.3.4:5"},
             {listen("address = \"127.0.0.1:5\"\nhosts = \"a\""), "hosts is a list of names"},
             {"[register]\n[[listen]]\naddress = \"unix:s\"\n", "x.toml:1: [register] has no path"},
             {least, "there is no [[listen]]"},
             {least + "[register", "x.toml:3: "},
             {least + "[limits]\nbodies = 1\n", "x.toml:4: unknown key \"bodies\" in [limits]"},
             {least + "[limits]\nbody_bytes = 1\n", "x.toml:4: body_bytes is from 1024"},
             {least + "[limits]\nidle_ms = \"5\"\n", "x.toml:4: idle_ms is a whole number"},
             {listen("address = \"0.0.0.0:80\""), "without TLS only the loopback is listened on: 0.0.0.0:80"},
             {listen("address = \"10.0.0.1:80\""), "only the loopback"},
             {listen("address = \"localhost:80\""), "an address is 127.0.0.1:8080"},
             {listen("address = \"127.0.0.1\""), "an address is"},
             {listen("address = \"127.0.0.1:\""), "an address is"},
             {listen("address = \"127.0.0.1:70000\""), "an address is"},
             {listen("address = \"127.0.0.1:80x\""), "an address is"},
             {listen("address = \"127.0.0.1:80\"\ntls = true"), "is to speak TLS, and there is no [tls]"},
             {listen("address = \"unix:s\"\nsigned = true"), "to be asked by signatures, and there is no [signatures]"},
             {least + "[signatures]\nkey = \"k\"\n", "x.toml:3: [signatures] has no agencies"},
             {least + "[signatures]\nagencies = \"k\"\nrevoked = 7\n", "x.toml:5: revoked is a list"},
             {least + "[signatures]\nagencies = \"k\"\nrevoked = [0]\n",
              "x.toml:5: an agency that is revoked is from 1"},
             {least + "[signatures]\nagencies = \"k\"\nmax_ahead_ms = 30001\n", "x.toml:5: max_ahead_ms is from 0"},
             {listen("address = \"unix:s\"\ntls = true"), "a Unix socket needs no TLS"},
             {listen("address = \"unix:" + std::string(200, 's') + "\""), "the path is too long"},
             {listen("address = \"0.0.0.0:1\"\ntls = true\nagency = 1"), "named by its certificate"},
             {listen("agency = 0"), "agency is from 1 to 65535"},
             {listen("port = 1"), "unknown key \"port\" in [listen]"},
             {least + "[tls]\ncertificate = \"c\"\n", "[tls] has no key"},
         }) {
        const auto& given = text;
        CAPTURE(given);
        const auto faults = faults_of(text);
        CAPTURE(faults);
        CHECK(faults.find(told) != std::string::npos);
    }
    const auto all = faults_of("a = 1\n[register]\npath = 7\n[limits]\nb = 1\n");
    for (const auto* each : {":1: unknown key \"a\"", ":3: path is a text", ":5: unknown key \"b\""})
        CHECK(all.find(each) != std::string::npos);
}
