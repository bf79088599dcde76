// SPDX-License-Identifier: Apache-2.0
// verify --ledger: every answer leaves a row, the ledger goes on in the next run, and it is not begun or opened
// wrongly.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/command.hpp"

using xacthuc_test::lines_of;
using xacthuc_test::workplace;

namespace {

void make_register(const workplace& place) {
    place.write("people.csv",
                "id,name,birth_date,sex,life\n"
                "001190000001,Nguyễn Thị Hòa,1990-02-28,nữ,alive\n"
                "001090000002,Trần Văn Bình,1990-01-01,nam,alive\n");
    REQUIRE(place.shell("xacthuc import people.csv -o r.xts").code == 0);
    std::string requests = "id,name\n";
    for (int i = 0; i < 20'000; ++i) requests += i % 2 == 0 ? "001190000001,Nguyễn Thị Hòa\n" : "001090000002,Trần\n";
    place.write("requests.csv", requests);
}

[[nodiscard]] std::string text_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}
// Verdicts without their last two columns, where their rows are.
[[nodiscard]] std::string without_places(const std::string& verdicts) {
    std::string all;
    for (auto line : lines_of(verdicts)) {
        for (int column = 0; column < 2; ++column) line.resize(std::min(line.size(), line.rfind(',')));
        all += line + '\n';
    }
    return all;
}
// The number of entries that the checkpoint names.
[[nodiscard]] int entries_in(const workplace& place) {
    return std::stoi(lines_of(text_of(place / "l/log/checkpoint")).at(1));
}

}  // namespace

TEST_CASE("answers are those without a ledger, and each run leaves its rows") {
    const workplace place;
    make_register(place);
    const std::string verify = "xacthuc verify requests.csv -r r.xts --agency 12 --procedure 7 --threads 2";
    const auto without = place.shell(verify);
    const auto first = place.shell(verify + " --ledger l --ledger-origin example.vn/ledger");
    REQUIRE(first.code == 0);
    CHECK(without_places(first.out) == without.out);
    CHECK(first.err.find("ledger: ") != std::string::npos);
    const auto entries = entries_in(place);
    CHECK(entries >= 1);
    CHECK(text_of(place / "l/log/checkpoint").starts_with("example.vn/ledger\n"));
    CHECK(text_of(place / "l/ledger.vkey").starts_with("example.vn/ledger+"));
    const auto second = place.shell(verify + " --ledger l -o verdicts.csv");
    REQUIRE(second.code == 0);
    CHECK(without_places(text_of(place / "verdicts.csv")) == without.out);
    CHECK(entries_in(place) > entries);
}

TEST_CASE("a citizen is told who asked about her, and an agency what it owes") {
    const workplace place;
    make_register(place);
    REQUIRE(place
                .shell("xacthuc verify requests.csv -r r.xts --agency 12 --procedure 7 --officer 34 --ledger l "
                       "--ledger-origin example.vn/ledger -o v.csv")
                .code == 0);
    const auto hers = place.shell("xacthuc ledger history l 001190000001");
    REQUIRE(hers.code == 0);
    const auto lines = lines_of(hers.out);
    REQUIRE(lines.size() == 10'001);
    CHECK(lines.front().find("agency    12  procedure     7  name: verified") != std::string::npos);
    CHECK(lines.back() == "10,000 accesses");
    CHECK(hers.out.find("officer") == std::string::npos);
    CHECK(place.shell("printf 001190000001 | xacthuc ledger history l - --inspector").out.find("officer 34") !=
          std::string::npos);
    CHECK(place.shell("xacthuc ledger history l 001290000009").out == "0 accesses\n");
    place.write("later.toml", "from = 2020-01-01\nvisible_after_days = 90\n");
    CHECK(place.shell("xacthuc ledger history l 001190000001 --rules later.toml").out == "0 accesses\n");
    place.write("relative.toml",
                "from = 2020-01-01\nvisible_after_days = 0\n[[procedure]]\nnumber = 7\nshows = \"agency\"\n");
    const auto withheld = place.shell("xacthuc ledger history l 001190000001 --rules relative.toml");
    CHECK(withheld.out.find("agency    12  in a matter that is not shown") != std::string::npos);
    CHECK(withheld.out.find("procedure") == std::string::npos);
    CHECK(place.shell("xacthuc ledger history l 12").code == 2);

    place.write("tariff.toml", "from = 2020-01-01\ncurrency = \"VND\"\nper_claim = 50\n");
    const std::string bill = "xacthuc ledger bill l --key l/ledger.vkey --tariff tariff.toml";
    const auto whole = place.shell(bill);
    REQUIRE(whole.code == 0);
    CHECK(whole.out.find("1,000,000\n\nFrom the checkpoint\nexample.vn/ledger\n0\n") != std::string::npos);
    REQUIRE(place.shell("cp l/log/checkpoint kept").code == 0);
    CHECK(place.shell(bill + " --from kept").out.find("in all                  0") != std::string::npos);
    CHECK(place.shell(bill + " --to kept").out == whole.out);
    CHECK(place.shell("sed 2s/$/1/ kept > forged; " + bill + " --from forged").code == 5);
    CHECK(place.shell(bill + " --tariff tariff.toml").code == 2);
    CHECK(place.shell("xacthuc ledger prune l --before 2020-01-01").out.find("0 hours of rows removed") == 0);
    CHECK(place.shell("xacthuc ledger prune l --before yesterday").code == 2);
}

TEST_CASE("a ledger needs a name when it is begun, and keeps it") {
    const workplace place;
    make_register(place);
    const std::string verify = "xacthuc verify requests.csv -r r.xts --ledger l";
    const auto unnamed = place.shell(verify);
    CHECK(unnamed.code == 2);
    CHECK(unnamed.err.find("--ledger-origin") != std::string::npos);
    CHECK(place.shell(verify + " --ledger-origin 'a b'").code == 2);
    REQUIRE(place.shell(verify + " --ledger-origin a.example").code == 0);
    CHECK(place.shell(verify + " --ledger-origin b.example").code == 2);
    CHECK(place.shell(verify).code == 0);
    CHECK(place.shell("chmod 644 l/ledger.key").code == 0);
    CHECK(place.shell(verify).code == 5);
}

TEST_CASE("each answer says where its row is, and its receipt needs nothing but itself and the public key") {
    const workplace place;
    make_register(place);
    place.write("few.csv", "id,name,ref\n001190000001,Nguyễn Thị Hòa,a\n12,X,b\n001090000002,Lê,c\n");
    const auto asked = place.shell(
        "xacthuc verify few.csv -r r.xts --agency 12 --procedure 7 --officer 34 --ledger l --ledger-origin "
        "example.vn/ledger");
    REQUIRE(asked.code == 3);
    const auto verdicts = lines_of(asked.out);
    REQUIRE(verdicts.size() == 4);
    CHECK(verdicts[0].ends_with(",column,reason,ledger_entry,ledger_row"));
    CHECK(verdicts[1].ends_with(",,0,0"));
    CHECK(verdicts[2].ends_with(",,"));
    CHECK(verdicts[3].ends_with(",,0,1"));
    const auto json = place.shell("xacthuc verify few.csv -r r.xts --format jsonl --ledger l");
    CHECK(lines_of(json.out).at(2).find("\"ledger_entry\":1,\"ledger_row\":1}") != std::string::npos);

    REQUIRE(place.shell("xacthuc ledger receipt l 0 1 -o c.receipt").code == 0);
    REQUIRE(place.shell("mkdir away; cp c.receipt l/ledger.vkey away").code == 0);
    const std::string check = "cd away; xacthuc ledger verify-receipt c.receipt --key ledger.vkey";
    const auto shown = place.shell(check);
    REQUIRE(shown.code == 0);
    CHECK(shown.out.find("Genuine: signed by example.vn/ledger\n  time         20") == 0);
    CHECK(shown.out.find(" (Vietnam)\n  asked by     agency 12, officer 34\n  about        001090000002\n"
                         "  procedure    7\n  claimed      name\n  answer       100 name_mismatch\n"
                         "  mismatched   name\n  where        entry 0, row 1 of a log of 2 entries\n") !=
          std::string::npos);
    CHECK(place.shell(check + " --json").out.find("\"id\":\"001090000002\"") != std::string::npos);
    CHECK(place.shell("xacthuc ledger receipt l 0 0 | xacthuc ledger verify-receipt - -k $(cat l/ledger.vkey)").code ==
          0);

    const auto refused = [&](const std::string& line, int code, const std::string& words) {
        const auto run = place.shell(line);
        CHECK(run.code == code);
        CHECK(run.out == "");
        CHECK_MESSAGE(run.err.find(words) != std::string::npos, run.err);
    };
    refused("sed 2s/A/B/ c.receipt > forged; xacthuc ledger verify-receipt forged -k l/ledger.vkey", 5, "forged: ");
    refused("xacthuc ledger verify-receipt few.csv -k l/ledger.vkey", 5, "few.csv: not a receipt");
    refused("xacthuc ledger verify-receipt c.receipt -k nothing", 2, "ledger.vkey");
    refused("xacthuc ledger verify-receipt none -k l/ledger.vkey", 1, "none: it cannot be read");
    REQUIRE(place.shell("xacthuc verify few.csv -r r.xts --ledger other --ledger-origin other.example").code == 3);
    refused("xacthuc ledger verify-receipt c.receipt -k other/ledger.vkey", 5,
            "it is of the ledger example.vn/ledger, and the key is of other.example");
    refused(
        "xacthuc ledger verify-receipt c.receipt -k l/ledger.vkey --witness "
        "w.example+4a98ebc3+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
        5, "fewer than 1 of the witnesses");
    refused("xacthuc ledger receipt l 7 0", 1, "there is no entry 7: the ledger has 2");
    refused("xacthuc ledger receipt l 0 40", 1, "entry 0 has no row 40");
    refused("xacthuc ledger receipt none 0 0", 1, "none: there is no ledger in this folder");
    refused("xacthuc ledger history l/log 001090000002", 1, "a copy of a ledger");
    refused("xacthuc ledger verify none -k l/ledger.vkey", 1, "no ledger and no copy of its public log");
    refused("xacthuc ledger receipt l 0 999", 1, "entry 0 has no row 999");

    const auto today = place.shell("TZ=UTC-7 date +%F").out.substr(0, 10);
    CHECK(place.shell("xacthuc ledger forget l " + today).out.find("The key of " + today + " is destroyed") == 0);
    refused("xacthuc ledger forget l " + today, 1, "nothing of it can be opened");
    refused("xacthuc ledger forget l today", 2, "2026-11-28");
    refused("xacthuc ledger receipt l 0 1", 1, "the rows of entry 0 are pruned or forgotten");
    place.write("tariff.toml", "from = 2020-01-01\ncurrency = \"VND\"\nper_claim = 50\n");
    refused("xacthuc ledger bill l -k l/ledger.vkey --tariff tariff.toml", 1,
            "begin at a later checkpoint with --from");
    CHECK(place.shell(check).code == 0);
}

TEST_CASE("a bill can be recomputed from the rows that it counted") {
    const workplace place;
    make_register(place);
    REQUIRE(place
                .shell("xacthuc verify requests.csv -r r.xts --agency 12 --procedure 7 --ledger l --ledger-origin "
                       "example.vn/ledger -o v.csv")
                .code == 0);
    place.write("tariff.toml", "from = 2020-01-01\ncurrency = \"VND\"\nper_claim = 50\n");
    REQUIRE(place.shell("xacthuc ledger bill l --key l/ledger.vkey --tariff tariff.toml --rows rows.csv").code == 0);
    const auto sum = place.shell(
        "awk -F, 'NR > 1 { n = split($10, a, \" \") + split($11, b, \" \"); if (n == 0 && ($8 == 0 || $8 == 299)) n = "
        "1; "
        "sum += 50 * n } END { print sum }' rows.csv");
    CHECK(sum.out == "1000000\n");
    CHECK(text_of(place / "rows.csv").find("001190000001") == std::string::npos);
}
