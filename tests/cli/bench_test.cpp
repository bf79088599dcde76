// SPDX-License-Identifier: Apache-2.0
// Every command of xacthuc bench, with a nation of some thousands: it ends, nothing was answered wrong, and its JSON
// has the members that others read. How fast anything was is not looked at.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "cli/command.hpp"

using xacthuc_test::workplace;

namespace {

struct bench_command {
    std::string line;
    std::vector<std::string> positive;  // members that are numbers above 0
    std::vector<std::string> none;      // members that are 0
};
const std::vector<bench_command> commands{
    {"bench -n 2000 -r 5000 --rounds 1 --no-peers --no-snapshot", {"verify_per_second"}, {"wrong_answers"}},
    {"bench proofs -n 2k --keys 8 --rounds 2 --batch 64", {"holder_ratio"}, {"wrong_answers"}},
    {"bench permission -n 5k -r 50k --rounds 1 --cedar 'echo 7' --governor 'echo 8.5'",
     {"bare_per_second", "policy_per_second", "policy_guards_per_second", "policy_ratio", "guards_ratio",
      "cedar_per_second", "governor_per_second"},
     {"wrong_answers"}},
    {"bench ledger -r 100k --history-rows 2k -n 5k --requests 50k --folder . --tessera 'echo 3'",
     {"rows_per_second", "synced_per_second", "bytes_per_row", "receipt_bytes", "receipt_make_us", "receipt_check_us",
      "history_us", "verify_ratio", "tessera_entries_per_second", "tessera_ratio"},
     {"wrong_answers"}},
    {"bench live -n 5k --changing 1k --durable 2k --rounds 1 --round-seconds 0.05 --folder .",
     {"ratio", "durable_changes_per_second"},
     {"torn", "stale", "wrong_answers"}},
    {"bench service -n 5k -q 2k --batches 20 --lines 20k --signed 2k --scheduled 5k",
     {"json_single_us", "json_pipelined_us", "half_load_p999_ms", "prepared_ratio", "lines_per_second",
      "json_signed_us", "signed_ratio"},
     {"wrong_answers"}},
};

}  // namespace

TEST_SUITE("slow") {
    TEST_CASE("each measurement ends with the right answers and all of its members") {
        for (const auto& one : commands) {
            CAPTURE(one.line);
            const workplace place;
            const auto run = place.shell("xacthuc " + one.line + " --json");
            CAPTURE(run.err);
            REQUIRE(run.code == 0);
            const auto told = boost::json::parse(run.out);
            for (const auto& member : one.positive) {
                CAPTURE(member);
                CHECK(told.at(member).to_number<double>() > 0);
            }
            for (const auto& member : one.none) {
                CAPTURE(member);
                CHECK(told.at(member).to_number<double>() == 0);
            }
        }
    }

    TEST_CASE("each kernel of signatures that runs here agrees with the others") {
        const workplace place;
        const auto one = place.shell("xacthuc bench ed25519 --isa portable --rounds 1 --batch 64 --json");
        CHECK(one.code == 0);
        const auto json = boost::json::parse(one.out);
        CHECK(json.at("isa").as_string() == "portable");
        CHECK(json.at("disagreements").as_int64() == 0);
        CHECK(json.at("libsodium_per_second").to_number<double>() > 0);
        for (const auto* path : {"comb", "generic", "single"})
            CHECK(json.at("paths").at(path).at("ratio").to_number<double>() > 0);
        const auto all =
            boost::json::parse(place.shell("xacthuc bench ed25519 --isa all --rounds 1 --batch 64 --json").out);
        CHECK(all.at("kernels").as_array().size() >= 1);
        CHECK(all.at("disagreements").as_int64() == 0);
        CHECK(place.shell("xacthuc bench ed25519 --isa sse9").code == 2);
    }

    TEST_CASE("each has a page of help with examples, a table for people, and fails when it cannot be written") {
        const workplace place;
        for (const std::string name : {"", " ed25519", " ledger", " live", " permission", " proofs", " service"}) {
            CAPTURE(name);
            const auto help = place.shell("xacthuc bench" + name + " --help");
            CHECK(help.code == 0);
            CHECK(help.out.find("Examples:") != std::string::npos);
        }
        const std::string quick = "xacthuc bench -n 2000 -r 5000 --rounds 1 --no-peers --no-snapshot";
        CHECK(place.shell(quick).code == 0);
        for (const std::string to : {">&-", ">/dev/full"}) {
            CHECK(place.shell("{ " + quick + "; } " + to).code == 1);
            CHECK(place.shell("{ " + quick + " --json; } " + to).code == 1);
        }
        CHECK(place.shell("{ " + quick + "; } 2>/dev/full").code == 0);
    }
}
