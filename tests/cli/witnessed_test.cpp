// SPDX-License-Identifier: Apache-2.0
// verify --ledger with witnesses: it asks them, answers while they cosign, and refuses when they do not.
#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <string>
#include <xacthuc/registry/authority.hpp>

#include "cli/command.hpp"
#include "unit/ledger/http_witness.hpp"
#include "unit/ledger/log_signer.hpp"

using namespace xacthuc;
using xacthuc_test::lines_of;
using xacthuc_test::workplace;

namespace {

[[nodiscard]] std::uint64_t now_s() {
    using namespace std::chrono;
    return static_cast<std::uint64_t>(duration_cast<seconds>(system_clock::now().time_since_epoch()).count());
}

// A ledger with the key of the signer, which the witness knows.
void begin(const workplace& place) {
    place.write("people.csv", "id,name\n001190000001,Nguyễn Thị Hòa\n");
    place.write("few.csv", "id,name\n001190000001,Nguyễn Thị Hòa\n");
    REQUIRE(place.shell("xacthuc import people.csv -o r.xts; mkdir l").code == 0);
    std::array<std::byte, 32> seed;
    seed.fill(std::byte{1});
    REQUIRE(authority_key::from_seed(seed).save(place / "l/ledger.key").has_value());
}

[[nodiscard]] std::string policy_of(const tests::http_witness& witness, const std::string& more) {
    return more + "timeout_ms = 3000\n[[witness]]\nkey = \"" + witness.who().text() + "\"\nurl = \"" + witness.url() +
           "\"\n";
}

}  // namespace

TEST_CASE("a ledger with witnesses answers while they cosign, and not otherwise") {
    const workplace place;
    begin(place);
    const tests::log_signer signer{1, "example.com/ledger"};
    tests::http_witness witness{"w.example", 7, signer};
    witness.time_s = now_s();
    place.write("l/witnesses.toml", policy_of(witness, "quorum = 1\n"));
    const std::string verify = "xacthuc verify few.csv -r r.xts --ledger l";
    const auto first = place.shell(verify + " --ledger-origin example.com/ledger");
    REQUIRE_MESSAGE(first.code == 0, first.err);
    CHECK(lines_of(first.out).at(1).ends_with(",0,0"));
    CHECK(witness.size() == 1);

    const auto key = witness.who().text();
    CHECK(place.shell("xacthuc ledger verify l -k l/ledger.vkey --witness " + key).code == 0);
    CHECK(place.shell("xacthuc ledger verify l -k l/ledger.vkey --witnesses l/witnesses.toml").code == 0);
    const auto shown = place.shell(
        "xacthuc ledger receipt l 0 0 | xacthuc ledger verify-receipt - -k l/ledger.vkey --witnesses l/witnesses.toml");
    CHECK(shown.code == 0);
    CHECK(shown.out.find("cosigned by  w.example at 20") != std::string::npos);

    // Too long ago, by the witness's own clock.
    witness.time_s = now_s() - 4000;
    witness.instead([](const auto& right) { return right; });
    place.write("strict.toml", policy_of(witness, "quorum = 1\nstaleness_max_s = 60\n"));
    REQUIRE(place.shell(verify).code == 0);  // what it cosigned before is fresh enough for an hour
    witness.instead([](const auto&) { return tests::http_witness::reply{403, "not you\n"}; });
    const auto refused = place.shell(verify + " --ledger-witnesses strict.toml");
    CHECK(refused.code == 1);
    CHECK(refused.out.find("verified") == std::string::npos);
    CHECK_MESSAGE(refused.err.find("ledger: nothing is answered, because fewer than 1 of 1 witnesses have cosigned it "
                                   "in the last 60 seconds; w.example: ") != std::string::npos,
                  refused.err);
    place.write("wrong.toml", "quorum = 1\nwitness = 2\n");
    const auto wrong = place.shell(verify + " --ledger-witnesses wrong.toml");
    CHECK(wrong.code == 2);
    CHECK(wrong.err.find("wrong.toml:2: ") != std::string::npos);
}
