// SPDX-License-Identifier: Apache-2.0
// verify --ledger: every answer leaves a row, the ledger goes on in the next run, and it is not begun or opened
// wrongly.
#include <doctest/doctest.h>

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
    CHECK(first.out == without.out);
    CHECK(first.err.find("ledger: ") != std::string::npos);
    const auto entries = entries_in(place);
    CHECK(entries >= 1);
    CHECK(text_of(place / "l/log/checkpoint").starts_with("example.vn/ledger\n"));
    CHECK(text_of(place / "l/ledger.vkey").starts_with("example.vn/ledger+"));
    const auto second = place.shell(verify + " --ledger l -o verdicts.csv");
    REQUIRE(second.code == 0);
    CHECK(text_of(place / "verdicts.csv") == without.out);
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
