// SPDX-License-Identifier: Apache-2.0
// Clients that misuse TLS: handshakes that are torn, bent, never finished or come a byte at a time, records that never
// end, early data and older versions. Each is ended, no question of theirs is answered, and an honest client is.
#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "service/tls_at_work.hpp"
#include "service/tls_wire.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using std::chrono::milliseconds;
using tls_clock = std::chrono::steady_clock;

const std::string tls_question = post_question("{\"id\":\"001199000001\",\"sex\":\"male\",\"procedure\":1}");

struct tls_under_attack {
    tls_service of{[](service::settings& with) {
        with.most.first_byte = milliseconds{200};
        with.most.request = milliseconds{200};
        with.most.idle = milliseconds{300};
    }};
    std::uint16_t port = of.at->port(2);

    [[nodiscard]] raw_client client() const { return raw_client{port}; }
    [[nodiscard]] tls_wire wire() const { return {port, of.place.path(), "health"}; }
    // Nothing is left of those who meant ill, and nobody else waits.
    ~tls_under_attack() {
        auto honest = of.client("health");
        CHECK(honest.ask(tls_question).find("\"outcome\":200") != std::string::npos);
        CHECK(comes_true([&] { return of.at->metric("xacthuc_connections") <= 2; }));
        CHECK(of.at->metric("xacthuc_buffered_bytes") < 100'000);
    }
};

void bend(char& byte, std::uint64_t bit) {
    byte = static_cast<char>(byte ^ (1 << bit));
}

// Sends the bytes one by one, slowly, until the other side has ended; returns how long after `begun` that was.
[[nodiscard]] milliseconds drip(raw_client& to, const std::string& bytes, tls_clock::time_point begun) {
    for (const char one : bytes) {
        if (!to.send({&one, 1}) || tls_clock::now() - begun > milliseconds{5000}) break;
        std::this_thread::sleep_for(milliseconds{10});
    }
    return std::chrono::duration_cast<milliseconds>(tls_clock::now() - begun);
}

}  // namespace

TEST_CASE("handshakes that are torn or bent, and garbage, are ended") {
    const tls_under_attack at;
    const auto hello = at.wire().hello();
    std::mt19937_64 random{1};
    std::vector<raw_client> torn;
    for (std::size_t size = 1; size < hello.size(); size += 1 + hello.size() / 40) {
        torn.push_back(at.client());
        REQUIRE(torn.back().send(hello.substr(0, size)));
        // And one that ends itself there.
        auto gone = at.client();
        REQUIRE(gone.send(hello.substr(0, size)));
    }
    for (int k = 0; k < 300; ++k) {
        auto bytes = hello;
        for (auto times = 1 + random() % 3; times != 0; --times) bend(bytes[random() % bytes.size()], random() % 8);
        auto bent = at.client();
        REQUIRE(bent.send(bytes));
    }
    for (int k = 0; k < 100; ++k) {
        std::string bytes(1 + random() % 3000, '\0');
        for (char& each : bytes) each = static_cast<char>(random());
        // Half of it behind the head of a record.
        if (k % 2 == 0) bytes = std::string{"\x16\x03\x01\x02\x00\x01", 6} + bytes;
        auto garbage = at.client();
        (void)garbage.send(bytes);
    }
    for (auto& each : torn) CHECK(each.read_all().find("HTTP") == std::string::npos);
    CHECK(at.of.at->metric("xacthuc_limits_met_total{limit=\"first_byte\"}") >= 30);
}

TEST_CASE("a handshake that is not finished, or comes a byte at a time, has the time of a first byte and no more") {
    const tls_under_attack at;
    auto unfinished = at.wire();
    REQUIRE(unfinished.socket().send(unfinished.hello()));
    const auto last = unfinished.finish();
    REQUIRE(unfinished.socket().send(last.substr(0, last.size() / 2)));
    const auto connecting = tls_clock::now();
    auto slow = at.wire();
    const auto took = drip(slow.socket(), slow.hello(), connecting);
    CHECK(took > milliseconds{150});
    CHECK(took < milliseconds{2500});
    CHECK(unfinished.listen().empty());
}

TEST_CASE("records that never end hold a connection no longer than silence does") {
    const tls_under_attack at;
    const auto connecting = tls_clock::now();
    auto between = at.wire();
    between.open();
    const auto took = drip(between.socket(), between.record_of(std::string(2000, 'G')), connecting);
    CHECK(took > milliseconds{200});
    CHECK(took < milliseconds{3000});
    // Within a batch of lines too.
    auto in_lines = at.wire();
    in_lines.open();
    const std::string begin =
        "POST /v1/verify/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
        "100000\r\n\r\n";
    REQUIRE(in_lines.socket().send(in_lines.record_of(begin)));
    const auto in_batch = drip(in_lines.socket(), in_lines.record_of(std::string(2000, ' ')), tls_clock::now());
    CHECK(in_batch < milliseconds{3000});
}

TEST_CASE("a connection that is open has no second handshake, and new keys as often as asked") {
    const tls_under_attack at;
    CHECK_FALSE(at.of.client("health", TLS1_2_VERSION).is_open());
    auto again = at.wire();
    again.open();
    REQUIRE(again.socket().send(again.record_of(tls_question)));
    CHECK(again.listen().find("\"outcome\":200") != std::string::npos);
    CHECK(SSL_renegotiate(again.session()) != 1);
    // In the clear, where only sealed records may come.
    REQUIRE(again.socket().send(at.wire().hello()));
    CHECK(again.listen().empty());
    auto rekeying = at.wire();
    rekeying.open();
    for (int k = 0; k < 200; ++k) {
        REQUIRE(SSL_key_update(rekeying.session(), SSL_KEY_UPDATE_REQUESTED) == 1);
        REQUIRE(rekeying.socket().send(rekeying.record_of(tls_question)));
        REQUIRE(rekeying.listen().find("\"outcome\":200") != std::string::npos);
    }
}

TEST_CASE("what is said before the handshake's end is not answered, and what is said after it is") {
    const tls_under_attack at;
    auto early = at.wire();
    const auto asked_before = at.of.at->metric("xacthuc_requests_total{path=\"/v1/verify\"}");
    REQUIRE(early.socket().send(early.hello(tls_question)));
    REQUIRE(early.socket().send(early.finish()));
    CHECK(SSL_get_early_data_status(early.session()) == SSL_EARLY_DATA_REJECTED);
    // No session is given out that could be taken up again.
    REQUIRE(early.socket().send(early.record_of(get("/livez"))));
    CHECK(early.listen().find("{\"live\":true}") != std::string::npos);
    CHECK(at.of.at->metric("xacthuc_requests_total{path=\"/v1/verify\"}") == asked_before);
    CHECK(SSL_SESSION_is_resumable(SSL_get0_session(early.session())) == 0);
}
