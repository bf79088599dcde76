// SPDX-License-Identifier: Apache-2.0
// A client that signs is the agency whose key it has; and with the service's key, no answer that was changed on the way
// is taken.
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "client/client_at_work.hpp"
#include "client/raw_servers.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;
using client::no_answer_kind;

namespace {

const claim_set asked{.id = personal_id::from_trusted(1'199'000'001), .sex = sex::male, .procedure = 1};

// A service that knows the key of agency 12, has one itself, and wants proofs of agencies.
struct signed_service {
    explicit signed_service(bool signs = true)
        : at{300, [&](service::settings& with) {
                 std::filesystem::create_directory(place / "agencies");
                 REQUIRE(health.save_public(place / "agencies/12.pub").has_value());
                 REQUIRE(own.save(place / "service.key").has_value());
                 with.signatures.agencies = place / "agencies";
                 with.signatures.max_ahead = std::chrono::milliseconds{0};
                 if (signs) with.signatures.key = place / "service.key";
                 with.policy = place / "vn.toml";
                 std::ofstream{with.policy}
                     << "framework = \"vn\"\nversion = 1\n[procedure.p]\nnumber = 1\ntitle = { vi = \"a\", en = \"b\" "
                        "}\npurpose = \"x\"\nlaw = \"y\"\nmay_ask = [\"sex\"]\nanswer = \"per_claim\"\nproof = "
                        "[\"agency\"]\n[agency.a]\nnumber = 12\ntitle = { vi = \"a\", en = \"b\" }\nmay = [\"p\"]\n";
             }} {
        // What was signed up to the start could have been used before it.
        std::this_thread::sleep_for(std::chrono::milliseconds{1001});
    }
    [[nodiscard]] client::client_options as(const signing_key& by, std::optional<public_key> service = {},
                                            std::uint16_t agency = 12) const {
        auto how = impatient();
        how.signing = client::request_signing::by(agency, by);
        how.signing->service = service;
        return how;
    }

    scratch_directory place;
    signing_key health = signing_key::generate();
    signing_key own = signing_key::generate();
    service_at_work at;
};

}  // namespace

TEST_CASE("what a client signs is its agency's, and what the service signs is checked") {
    const signed_service of;
    const auto url = url_of(of.at);
    auto by = opened(url, of.as(of.health, of.own.public_key()));
    for (int k = 0; k < 5; ++k) {
        const auto got = by.verify(asked, {.officer = 7, .correlator = "c-1"});
        REQUIRE_MESSAGE(got.has_value(), got.error().message());
        CHECK(got->said.outcome() == outcome::not_found);
    }
    const std::vector<claim_set> two{asked, asked};
    const auto rows = by.verify_rows({two}, {.officer = 7});
    REQUIRE_MESSAGE(rows.has_value(), rows.error().message());
    CHECK(rows->at(1).value().outcome() == outcome::not_found);
    auto known = asked;
    known.agency = 12;
    const std::vector<request> prepared{prepare(known, test_key()).value()};
    const auto verdicts = by.verify_prepared(prepared, test_key().fingerprint(), {.officer = 7});
    REQUIRE_MESSAGE(verdicts.has_value(), verdicts.error().message());
    CHECK(verdicts->said.at(0).outcome() == outcome::not_found);
    CHECK(by.register_state().value().citizens == 300);

    // Who does not sign is nobody, another's key is found out, and so is another service.
    CHECK(opened(url).verify(known).value().said.outcome() == outcome::proof_missing);
    CHECK(opened(url, of.as(of.own)).verify(asked).error().code == 1513);
    CHECK(opened(url, of.as(of.health, {}, 13)).verify(asked).error().code == 1507);
    const auto strange = opened(url, of.as(of.health, of.health.public_key())).verify(asked);
    CHECK(strange.error().kind == no_answer_kind::unanswered);
    CHECK(strange.error().status == 200);
    CHECK(!client::blocking_client::open(url, of.as(of.health, {}, 0)).has_value());
    const signed_service silent{false};
    CHECK(opened(url_of(silent.at), silent.as(silent.health)).verify(asked).has_value());
    CHECK(opened(url_of(silent.at), silent.as(silent.health, silent.own.public_key())).verify(asked).error().status ==
          200);
}

TEST_CASE("a signed answer with any byte changed says the same or is none") {
    const signed_service of;
    std::size_t place = 0;
    std::size_t size = 1000;
    std::atomic<std::size_t> seen = 0;
    const serving changing{[&](const socket_of_test& client) {
        const auto to = socket_of_test::connected(of.at.port());
        if (!to.send(client.some())) return;
        auto answer = to.some();
        seen = answer.size();
        if (place < answer.size()) answer[place] = static_cast<char>(answer[place] ^ 1);
        (void)client.send(answer);
    }};
    auto how = of.as(of.health, of.own.public_key());
    const auto right = opened(url_of(of.at), how).verify(asked).value();
    how.attempts = 1;
    how.idle_max = {};
    const auto url = "http://127.0.0.1:" + std::to_string(changing.port());
    unsigned refused = 0;
    for (; place < size; ++place) {
        auto by = opened(url, how);
        const auto got = by.verify(asked);
        if (got.has_value()) {
            CHECK(got->said == right.said);
            CHECK(got->sequence == 1);
        } else {
            CHECK(got.error().kind != no_answer_kind::not_sent);
            ++refused;
        }
        size = seen;
    }
    CHECK(size > 500);
    CHECK(refused > 400);
}
