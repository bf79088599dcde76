// SPDX-License-Identifier: Apache-2.0
// Over TLS the certificate says who asks; one that is missing, expired, revoked, of somebody else or of nobody gets its
// own problem; certificates are taken anew without a connection lost.
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "service/tls_at_work.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

const std::string question = post_question("{\"id\":\"001199000001\",\"sex\":\"male\",\"procedure\":1}");

}  // namespace

TEST_CASE("the certificate says who asks, and each that does not gets its own problem") {
    const tls_service of;
    auto health = of.client("health");
    REQUIRE(health.is_open());
    for (int k = 0; k < 20; ++k) CHECK(health.ask(question).find("\"outcome\":200") != std::string::npos);
    const auto other = post_question("{\"id\":\"001199000001\",\"sex\":\"male\",\"procedure\":1,\"agency\":13}");
    CHECK(health.ask(other).find("\"outcome\":302") != std::string::npos);
    for (const auto& [certificate, code] : std::vector<std::pair<std::string, std::string>>{{"", "1400"},
                                                                                            {"expired", "1401"},
                                                                                            {"early", "1401"},
                                                                                            {"revoked", "1402"},
                                                                                            {"stranger", "1403"},
                                                                                            {"nobody", "1404"},
                                                                                            {"two", "1404"},
                                                                                            {"word", "1404"},
                                                                                            {"zero", "1404"}}) {
        const auto& shown = certificate;
        CAPTURE(shown);
        auto client = of.client(certificate);
        const auto answer = client.ask(question);
        CHECK(answer.find("HTTP/1.1 403") == 0);
        CHECK(answer.find("\"code\":" + code) != std::string::npos);
        CHECK(answer.find("outcome") == std::string::npos);
        CHECK(client.ask(question).empty());
    }
}

TEST_CASE("older TLS, plain HTTP and garbage are not answered, and who comes after is") {
    const tls_service of;
    CHECK_FALSE(of.client("health", TLS1_2_VERSION).is_open());
    raw_client plain{of.at->port(2)};
    REQUIRE(plain.send(question));
    const auto answer = plain.read();
    CHECK_FALSE(answer);
    raw_client garbage{of.at->port(2)};
    (void)garbage.send(std::string(100'000, '\x16'));
    CHECK_FALSE(garbage.read());
    auto health = of.client("health");
    CHECK(health.ask(question).find("\"outcome\":200") != std::string::npos);
}

TEST_CASE("a new certificate is for new connections, and those that are open go on") {
    tls_service of;
    auto before = of.client("health");
    CHECK(before.ask(question).find("\"outcome\":200") != std::string::npos);
    const auto serial = of.servers.issue("server", {.common_name = "localhost"});
    REQUIRE(of.at->running->reload(of.at->with).has_value());
    CHECK(comes_true([&] { return of.client("health").serial() == serial; }));
    CHECK(before.ask(question).find("\"outcome\":200") != std::string::npos);
    CHECK(before.serial() != serial);
    std::ofstream{of.place / "server.pem"} << "nonsense";
    CHECK_FALSE(of.at->running->reload(of.at->with).has_value());
    CHECK(of.client("health").ask(question).find("\"outcome\":200") != std::string::npos);
}
