// SPDX-License-Identifier: Apache-2.0
// Files of witnesses: what they say is what is asked for, and all that is wrong is told with its line.
#include <doctest/doctest.h>

#include <string>
#include <xacthuc/ledger/witness.hpp>

using namespace xacthuc;

namespace {

const std::string key = "w.example+4a98ebc3+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
const std::string witness = "[[witness]]\nkey = \"" + key + "\"\nurl = \"http://127.0.0.1:8080/\"\n";

// "line: what", a line each.
[[nodiscard]] std::string faults_of(const std::string& text) {
    const auto read = witness_policy::parse(text, "w");
    if (read) return "";
    std::string all;
    for (const auto& each : read.error()) all += each.message() + '\n';
    return all;
}

}  // namespace

TEST_CASE("a file of witnesses is read as it is written") {
    const auto read = witness_policy::parse("quorum = 1\nstaleness_max_s = 60\ntimeout_ms = 7\n" + witness, "w");
    REQUIRE(read.has_value());
    CHECK(read->quorum == 1);
    CHECK(read->staleness_max.count() == 60);
    CHECK(read->timeout.count() == 7);
    REQUIRE(read->witnesses.size() == 1);
    CHECK(read->witnesses[0].who.text() == key);
    CHECK(read->witnesses[0].url == "http://127.0.0.1:8080/");
    CHECK(witness_policy::parse("quorum = 1\n" + witness, "w")->staleness_max.count() == 3600);
}

TEST_CASE("all that is wrong with a file of witnesses is told") {
    CHECK(faults_of(witness) == "w:1: it does not say how many have to cosign: quorum = 2\n");
    CHECK(faults_of("quorum = 2\n" + witness) == "w:1: quorum is more than there are witnesses, 1\n");
    CHECK(faults_of("quorum = 0\n" + witness).starts_with("w:1: "));
    CHECK(faults_of("quorum = 1\nnonsense = 1\n" + witness).starts_with("w:2: "));
    CHECK(faults_of("quorum = 1\n" + witness + witness) == "w:5: the witness w.example is there twice\n");
    CHECK(faults_of("quorum = 1\n[[witness]]\nkey = \"x\"\nurl = \"https://w\"\n") ==
          "w:3: key is not a witness's, NAME+DIGITS+BASE64 of a key for cosignatures\n"
          "w:4: url begins with http://; for TLS there is a proxy on this machine\n");
    CHECK(faults_of("quorum = 1\n[[witness]]\n") == "w:2: [[witness]] has a key\nw:2: [[witness]] has a url\n");
    CHECK(faults_of("quorum = 1\nwitness = 1\n").find("w:2: ") == 0);
    CHECK(faults_of("quorum = ").find("w:1: ") == 0);
    CHECK(!witness_policy::load("/no/such/file"));
}
