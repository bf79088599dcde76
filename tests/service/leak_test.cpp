// SPDX-License-Identifier: Apache-2.0
// The program under honest and hostile clients together, over sockets and over TLS: after a while it holds no more
// memory and no more descriptors, however long it goes on.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "sanitized.hpp"
#include "service/mutated_text.hpp"
#include "service/program_under_attack.hpp"
#include "service/stream_answers.hpp"
#include "service/stream_seeds.hpp"
#include "service/tls_at_work.hpp"
#include "service/tls_wire.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using leak_clock = std::chrono::steady_clock;

const std::string leak_question = post_question("{\"id\":\"001199000001\",\"sex\":\"male\"}");

class mixed_load {
  public:
    explicit mixed_load(const program_under_attack& on) : on_{on}, port_{on.port()} {
        for (int k = 0; k < 500; ++k) lines_ += "{\"id\":\"001199000001\",\"sex\":\"male\"}\n";
    }

    void one_round() {
        be_honest();
        for (int k = 0; k < 60; ++k) (void)answers_to(on_.client(), streams_.next(), {});
        leave_early();
        misuse_tls();
    }

  private:
    void be_honest() {
        auto plain = on_.client();
        for (int k = 0; k < 100; ++k) REQUIRE(plain.ask(leak_question)->status == 200);
        REQUIRE(plain.ask_reading(post_lines(lines_))->status == 200);
        REQUIRE(plain.ask(get("/openapi.json"))->status == 200);
        tls_client sealed{port_, on_.on.place.path(), "health"};
        for (int k = 0; k < 20; ++k) REQUIRE(sealed.ask(leak_question).find("HTTP/1.1 200") == 0);
    }
    // Half a request, half a batch, and answers that nobody waits for.
    void leave_early() {
        for (int k = 0; k < 10; ++k) {
            auto half = on_.client();
            (void)half.send(leak_question.substr(0, streams_.below(leak_question.size())));
            auto batch = on_.client();
            const auto all = post_lines(lines_);
            (void)batch.send_some(all.substr(0, streams_.below(all.size())));
            auto deaf = on_.client();
            for (int asked = 0; asked < 5; ++asked) (void)deaf.send_some(get("/openapi.json"));
        }
    }
    void misuse_tls() {
        for (int k = 0; k < 5; ++k) {
            tls_wire torn{port_, on_.on.place.path(), "health"};
            auto hello = torn.hello();
            if (k % 2 == 0) hello[streams_.below(hello.size())] ^= 1;
            (void)torn.socket().send(hello.substr(0, streams_.below(hello.size() + 1)));
            raw_client garbage{port_};
            (void)garbage.send(streams_.next());
            tls_wire open{port_, on_.on.place.path(), "health"};
            open.open();
            (void)open.socket().send(open.record_of(streams_.next()).substr(0, streams_.below(200)));
        }
    }

    const program_under_attack& on_;
    std::uint16_t port_;
    std::string lines_;
    mutated_text streams_{5, good_streams(), stream_words()};
};

void check_nothing_grows(std::chrono::seconds how_long) {
    const program_under_attack at{
        "[tls]\ncertificate = \"server.pem\"\nkey = \"server.key\"\nclient_authorities = \"agencies.pem\"\n"
        "[[listen]]\naddress = \"127.0.0.1:0\"\ntls = true\n",
        0, [](const std::filesystem::path& folder) {
            certificate_authority servers{folder, "servers"};
            certificate_authority agencies{folder, "agencies"};
            // The hour may be a long one.
            (void)servers.issue("server", {.common_name = "localhost", .to_seconds = 86'400});
            (void)agencies.issue("health", {"a", "URI:xacthuc:agency:12", -3600, 86'400});
        }};
    mixed_load load{at};
    // The most that it held in each eighth of the time.
    std::vector<std::uint64_t> resident_kib(8);
    std::vector<std::size_t> descriptors(8);
    const auto begun = leak_clock::now();
    std::size_t rounds = 0;
    for (;;) {
        const auto eighth = static_cast<std::size_t>((leak_clock::now() - begun) * 8 / how_long);
        if (eighth >= resident_kib.size()) break;
        load.one_round();
        ++rounds;
        auto watching = at.client();
        REQUIRE(comes_true([&] { return program_under_attack::metric(watching, "xacthuc_connections") <= 2; }));
        resident_kib[eighth] = std::max(resident_kib[eighth], at.resident_kib());
        if (const auto count = at.descriptors()) descriptors[eighth] = std::max(descriptors[eighth], *count);
    }
    std::string told;
    for (std::size_t k = 0; k < 8; ++k)
        told += " " + std::to_string(resident_kib[k]) + " KiB, " + std::to_string(descriptors[k]) + " descriptors;";
    MESSAGE(rounds << " rounds:" << told);
    CHECK(rounds >= 8);
#if !XACTHUC_TEST_SANITIZED
    // What is lost a round is lost in every one; what is kept for the next is there by the second eighth.
    CHECK(*std::max_element(resident_kib.end() - 2, resident_kib.end()) <
          *std::max_element(resident_kib.begin() + 1, resident_kib.begin() + 3) + 4096);
#endif
    if (!at.descriptors()) {
        MESSAGE("only root may count the descriptors of such a process: not looked at");
        return;
    }
    // Those of its threads, listeners and files, so that the comparison is not one of nothing with nothing.
    CHECK(descriptors[1] > 8);
    CHECK(*std::max_element(descriptors.end() - 2, descriptors.end()) <=
          *std::max_element(descriptors.begin() + 1, descriptors.begin() + 3) + 2);
}

}  // namespace

TEST_SUITE("slow") {
    TEST_CASE("under honest and hostile clients memory and descriptors stay what they are") {
        check_nothing_grows(std::chrono::seconds{16});
    }
}

TEST_SUITE("nightly") {
    TEST_CASE("for an hour of honest and hostile clients memory and descriptors stay what they are") {
        check_nothing_grows(std::chrono::seconds{3600});
    }
}
