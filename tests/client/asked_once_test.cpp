// SPDX-License-Identifier: Apache-2.0
// Wherever a connection breaks, a question that may have counted is asked once: the real service counts.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "client/client_at_work.hpp"
#include "client/raw_servers.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;
using client::no_answer_kind;

namespace {

// What there was of each kind of end.
struct ends {
    unsigned answered = 0;
    unsigned unanswered = 0;
    unsigned others = 0;
};

class broken_off {
  public:
    broken_off(const service_at_work& at, std::uint16_t port, std::string scheme, client::client_options how)
        : at_{at}, her_{ordinary(at)}, port_{port}, scheme_{std::move(scheme)}, how_{std::move(how)} {
        how_.attempts = 3;
    }

    // Asks once through a proxy that cuts there, and counts the end.
    void ask(std::size_t up_max, std::size_t down_max, bool resets) {
        cutting_proxy proxy{port_, up_max, down_max, resets};
        {
            auto by = opened(scheme_ + "://127.0.0.1:" + std::to_string(proxy.port()), how_);
            const auto got = by.verify(her_.asked());
            if (got.has_value()) {
                CHECK(*got);
                ++seen.answered;
            } else {
                ++(got.error().kind == no_answer_kind::unanswered ? seen.unanswered : seen.others);
            }
        }
        up = proxy.up();
        down = proxy.down();
    }
    // How many questions the service counted, when no more come.
    [[nodiscard]] double counted() const {
        REQUIRE(comes_true([&] { return at_.metric("xacthuc_connections") <= 1; }));
        return at_.metric("xacthuc_verdicts_total{code=\"0\",outcome=\"verified\"}");
    }

    ends seen;
    std::size_t up = 0;
    std::size_t down = 0;

  private:
    const service_at_work& at_;
    somebody her_;
    std::uint16_t port_;
    std::string scheme_;
    client::client_options how_;
};

}  // namespace

TEST_CASE("broken at every byte of request and answer, a question is never asked twice") {
    const service_at_work at{100};
    broken_off by{at, at.port(), "http", {}};
    by.ask(cutting_proxy::never, cutting_proxy::never, false);
    const auto request = by.up;
    const auto answer = by.down;
    REQUIRE(by.counted() == 1);
    REQUIRE(request > 100);
    REQUIRE(answer > 100);
    // Where the connection ends before the client wrote to it, nothing was sent, and it may ask again.
    by.seen = {};
    by.ask(0, cutting_proxy::never, true);
    CHECK(by.seen.others == 0);
    const double before = 1 + by.seen.answered;
    CHECK(by.counted() == before);
    // What never came whole is never counted, so neither is it asked again.
    by.seen = {};
    for (std::size_t k = 1; k < request; ++k) by.ask(k, cutting_proxy::never, k % 2 == 0);
    CHECK(by.seen.unanswered == request - 1);
    CHECK(by.counted() == before);
    // What was answered is counted once, however much of the answer came.
    by.seen = {};
    for (std::size_t k = 0; k < answer; ++k) by.ask(cutting_proxy::never, k, k % 2 == 1);
    CHECK(by.seen.unanswered == answer);
    CHECK(by.counted() == before + static_cast<double>(answer));
}

TEST_CASE("of TLS, a broken handshake is begun again, and a broken question is not") {
    const tls_at_work of;
    broken_off by{*of.at, of.at->port(2), "https", of.as("health")};
    by.ask(cutting_proxy::never, cutting_proxy::never, false);
    const auto request = by.up;
    const auto answer = by.down;
    double before = by.counted();
    REQUIRE(before == 1);
    by.seen = {};
    // Sizes of signatures in the handshake differ by a few bytes.
    for (std::size_t k = 1; k + 16 < request; k += request / 14) by.ask(k, cutting_proxy::never, k % 2 == 0);
    CHECK(by.seen.others == 0);
    CHECK(by.seen.answered >= 3);
    CHECK(by.seen.unanswered >= 1);
    CHECK(by.counted() == before + by.seen.answered);
    before = by.counted();
    by.seen = {};
    for (std::size_t k = 16; k < 200; k += 20) by.ask(cutting_proxy::never, answer - k, k % 40 == 16);
    CHECK(by.seen.answered == 0);
    CHECK(by.seen.unanswered == 10);
    CHECK(by.counted() == before + 10);
}
