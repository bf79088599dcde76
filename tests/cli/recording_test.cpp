// SPDX-License-Identifier: Apache-2.0
// verify --ledger: every answer leaves a row, the ledger goes on in the next run, and it is not begun or opened wrongly.
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
