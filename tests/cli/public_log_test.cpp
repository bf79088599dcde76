// SPDX-License-Identifier: Apache-2.0
// A ledger's public log on the command line, as outsiders use it: verified whole, told from a changed one, followed,
// and proved entry by entry.
#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <xacthuc/ledger/cosignature.hpp>
#include <xacthuc/ledger/group_leaf.hpp>
#include <xacthuc/ledger/tlog_proof.hpp>

#include "cli/command.hpp"
#include "ledger/tile_log.hpp"
#include "unit/ledger/log_signer.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;
using namespace xacthuc_test;

namespace {

struct public_log_place {
    workplace place;
    log_signer signer;

    public_log_place() { place.write("ledger.vkey", signer.verifier().text() + "\n"); }

    [[nodiscard]] tile_log open() {
        return tile_log::open(system_file_calls(), place / "log", signer.identity()).value();
    }
    void grow(tile_log& log, std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            group_leaf leaf;
            leaf.time_unix_ms = static_cast<std::int64_t>(1'790'000'000'000 + log.size() * 1000);
            leaf.rows = 64;
            leaf.register_sequence = log.size();
            static_cast<void>(log.append(leaf.encode()).value());
        }
        REQUIRE(log.integrate().has_value());
    }
    [[nodiscard]] outcome_of_run run(const std::string& line) { return place.shell("xacthuc ledger " + line); }
};

}  // namespace

TEST_CASE("a log that is whole is verified by its key, as a ledger or as a copy of its public part") {
    public_log_place of;
    auto log = of.open();
    of.grow(log, 300);
    for (const auto* const where : {"log", "."}) {
        const auto run = of.run(std::string{"verify "} + where + " --key ledger.vkey --json");
        CHECK(run.code == 0);
        const auto told = boost::json::parse(run.out).as_object();
        CHECK(told.at("entries").as_int64() == 300);
        CHECK(told.at("rows").as_int64() == 300 * 64);
        CHECK(told.at("problems").as_array().empty());
        CHECK(told.at("checkpoint").as_string() == log.published());
    }
    CHECK(of.run("verify log --key '" + of.signer.verifier().text() + "'").code == 0);
    CHECK(of.run("verify log --key nonsense").code == 2);
    CHECK(of.run("verify nowhere --key ledger.vkey").code == 1);
    CHECK(of.run("verify log --key '" + log_signer{2}.verifier().text() + "'").code == 5);
    CHECK(of.run("verify log --key ledger.vkey --origin example.com/other").code == 5);
}

TEST_CASE("what was changed in a log is found and named, and so is a date that goes back") {
    public_log_place of;
    auto log = of.open();
    of.grow(log, 300);
    auto bytes = of.place.read("log/tile/entries/000");
    bytes[1000] = static_cast<char>(bytes[1000] ^ 1);
    of.place.write("log/tile/entries/000", bytes);
    const auto run = of.run("verify log --key ledger.vkey");
    CHECK(run.code == 5);
    CHECK(run.err.find("tile/entries/000: entry 6") != std::string::npos);
    bytes[1000] = static_cast<char>(bytes[1000] ^ 1);
    of.place.write("log/tile/entries/000", bytes);
    CHECK(of.run("verify log --key ledger.vkey").code == 0);
    group_leaf leaf;
    leaf.time_unix_ms = 1;
    static_cast<void>(log.append(leaf.encode()).value());
    REQUIRE(log.integrate().has_value());
    const auto dated = of.run("verify log --key ledger.vkey");
    CHECK(dated.code == 5);
    CHECK(dated.err.find("1 entries are dated before") != std::string::npos);
    of.place.write("log/checkpoint", "no note");
    CHECK(of.run("verify log --key ledger.vkey").code == 5);
}

TEST_CASE("witnesses are asked for by their keys") {
    public_log_place of;
    auto log = of.open();
    of.grow(log, 3);
    const log_signer witness{5, "witness.example/w"};
    const auto who = cosigner::make(witness.origin(), witness.verifier().key()).value();
    const auto line = "verify log --key ledger.vkey --witness '" + who.text() + "'";
    CHECK(of.run(line).code == 5);
    const std::vector made{make_cosignature(log.published_note().text, who, 1'790'000'000,
                                            [&](std::span<const std::byte> message) { return witness.sign(message); })};
    REQUIRE(log.cosign(made).has_value());
    CHECK(of.run(line + " --staleness-max 9999999999").code == 0);
    CHECK(of.run(line + " --quorum 2").code == 2);
    CHECK(of.run("verify log --key ledger.vkey --witness nonsense").code == 2);
}

TEST_CASE("entries are printed for people and for programs, from where it is wanted") {
    public_log_place of;
    auto log = of.open();
    of.grow(log, 300);
    CHECK(lines_of(of.run("tail log -k ledger.vkey").out).size() == 10);
    CHECK(of.run("tail log -k ledger.vkey -n 1").out.find("2026-09-21T14:18:19.000Z") != std::string::npos);
    const auto all = lines_of(of.run("tail log -k ledger.vkey --from 0 --json").out);
    CHECK(all.size() == 300);
    const auto last = boost::json::parse(all.back()).as_object();
    CHECK(last.at("index").as_int64() == 299);
    CHECK(last.at("rows").as_int64() == 64);
    const auto csv = lines_of(of.run("tail log -k ledger.vkey --from 298 --csv").out);
    REQUIRE(csv.size() == 3);
    CHECK(csv[0] == "index,time_unix_ms,rows,register_sequence,policy,rows_root,contexts,signatures");
    CHECK(csv[2].starts_with("299,1790000299000,64,299,0000"));
    CHECK(of.run("tail log -k ledger.vkey --from 1000").out.empty());
}

TEST_CASE("what is followed has to continue what was there") {
    public_log_place of;
    auto log = of.open();
    of.grow(log, 3);
    CHECK(of.run("tail log -k ledger.vkey --follow --json & p=$!; sleep 1; kill -INT $p; wait $p").code == 130);
    // Another log of the same key takes the place of this one.
    public_log_place other;
    auto fork = other.open();
    for (int i = 0; i < 2; ++i) static_cast<void>(fork.append(group_leaf{}.encode()).value());
    REQUIRE(fork.integrate().has_value());
    other.grow(fork, 5);
    const auto run = of.run("tail log -k ledger.vkey --follow --json > seen & p=$!; sleep 1; rm -rf log; cp -r '" +
                            (other.place / "log").string() + "' log; wait $p");
    CHECK(run.code != 0);
    CHECK(run.code != 130);
    CHECK(lines_of(of.place.read("seen")).size() == 3);
}

TEST_CASE("the proof of an entry is one to who has the key") {
    public_log_place of;
    auto log = of.open();
    of.grow(log, 300);
    const auto proof = parse_tlog_proof(of.run("proof log 42 -k ledger.vkey").out).value();
    const auto entry = log.read_entry(42).value();
    CHECK(check_tlog_proof(proof, tree_leaf(entry), of.signer.origin(), of.signer.verifier()).value() == log.head());
    CHECK(of.run("proof log 300 -k ledger.vkey").code == 2);
}
