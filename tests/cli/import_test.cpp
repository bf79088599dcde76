// SPDX-License-Identifier: Apache-2.0
// The import subcommand from end to end: good files, nasty files, what is rejected and how the command ends.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "cli/command.hpp"

using xacthuc_test::lines_of;
using xacthuc_test::workplace;

namespace {

struct nasty_file {
    std::string what;
    std::string content;
    int code;
    std::int64_t citizens;                // -1: no snapshot is made
    std::vector<std::string> rejects;     // starts of the rejects file's rows
    std::vector<std::string> duplicates;  // rows of the duplicates file
    const char* options = "";
};

const std::vector<nasty_file> nasty_files{
    {"plain", "id,name\n001190000001,An\n001190000002,Bình\n", 0, 2, {}, {}},
    {"BOM, CRLF, quotes, no last line end",
     "\xef\xbb\xbfSố CCCD,\"Họ tên\",Ngày sinh\r\n001190000001,\"An, "
     "\"\"Tèo\"\"\",01/02/1990\r\n001190000002,Bình,1991",
     0,
     2,
     {},
     {}},
    {"line feeds in a quoted field", "id,name\n001190000001,\"Nguyễn\nAn\"\n001190000002,\"\"\n", 0, 2, {}, {}},
    {"invalid UTF-8",
     "id,name\n001190000001,\"A\xff\"\n001190000002,Bình\n",
     3,
     1,
     {"2,name,the name is not valid UTF-8"},
     {}},
    {"bad PINs",
     "name,id\nAn,1190000001\nBình,00119000000x\nChi,\nDũng,000000000000\nEm,001190000001\n",
     3,
     1,
     {"2,id,a personal id has 12 digits", "3,id,", "4,id,", "5,id,"},
     {}},
    {"bad date and sex",
     "id,birth_date,sex\n001190000001,1990-02-30,nam\n001190000002,1990-02-28,maybe\n001190000003,,\n",
     3,
     1,
     {"2,birth_date,", "3,sex,"},
     {}},
    {"over-long name",
     "id,name\n001190000001," + std::string(300, 'A') + "\n",
     3,
     0,
     {"2,name,the name is too long"},
     {}},
    {"unknown column", "id,name,colour\n001190000001,An,red\n", 2, -1, {}, {}},
    {"unknown column, ignored", "id,name,colour\n001190000001,An,red\n", 0, 1, {}, {}, "--ignore-unknown"},
    {"no id column", "name\nAn\n", 2, -1, {}, {}},
    {"empty", "", 2, -1, {}, {}},
    {"only a header", "id,name\n", 0, 0, {}, {}},
    {"blank lines", "\n\nid,name\n\n001190000001,An\n  \n", 0, 1, {}, {}},
    {"duplicates",
     "id,name\n001190000001,An\n001190000002,Bình\n001190000001,Chi\n001190000001,Dũng\n",
     3,
     2,
     {},
     {"2,5", "4,5"}},
    {"very long line",
     "id,name\n001190000001," + std::string(3'000'000, 'A') + "\n001190000002,Bình\n",
     3,
     1,
     {"2,,the row is longer than 65536 bytes"},
     {}},
    {"NUL byte", std::string{"id,name\n001190000001,A\0n\n001190000002,Bình\n", 44}, 3, 1, {"2,name,"}, {}},
    {"too few and too many fields",
     "id,name\n001190000001\n001190000002,Bình,x\n001190000003,Chi\n",
     3,
     1,
     {"2,,\"the row has 1 fields, the header has 2\"", "3,,\"the row has 3 fields, the header has 2\""},
     {}},
    {"stray quote, and another one",
     "id,name\n001190000001,\"An\n001190000002,Bình\n001190000003,\"Chi\"\n001190000004,Dũng\n",
     3,
     1,
     {"2,,\"the quotes are not as RFC 4180 has them; the row goes on to line 4\""},
     {}},
    {"rows in an over-long quoted field",
     "id,name\n001190000001,\"" + std::string(70'000, 'A') + "\n001190000002,Bình\n" + std::string(2'000'000, 'A') +
         "\n001190000003,Chi\n\"\n001190000004,Dũng\n",
     3,
     1,
     {"2,,\"the row is longer than 65536 bytes; the row goes on to line 6\""},
     {}},
    {"semicolons", "id;name\n001190000001;An\n", 0, 1, {}, {}, "--delimiter ';'"},
    {"UTF-16", std::string{"\xff\xfei\0d\0\n\0", 8}, 2, -1, {}, {}},
};

}  // namespace

TEST_CASE("nasty files: what is kept, what is rejected with line and reason, and the exit code") {
    for (const auto& file : nasty_files) {
        for (const std::string threads : {"1", "3"}) {
            CAPTURE(file.what);
            CAPTURE(threads);
            const workplace place;
            place.write("people.csv", file.content);
            const auto run = place.shell(std::string{"xacthuc import people.csv --out r.xts --json --threads "} +
                                         threads + " " + file.options);
            CAPTURE(run.err);
            CHECK(run.code == file.code);
            if (file.citizens < 0) {
                CHECK(run.out.empty());
                CHECK_FALSE(place.has("r.xts"));
                CHECK_FALSE(place.has("digest.key"));
                CHECK(run.err.starts_with("xacthuc: "));
                CHECK(lines_of(run.err).size() == 1);
                continue;
            }
            const auto result = boost::json::parse(run.out);
            CHECK(result.at("citizens").as_int64() == file.citizens);
            CHECK(result.at("rejected").as_int64() == static_cast<std::int64_t>(file.rejects.size()));
            CHECK(result.at("duplicates").as_int64() == static_cast<std::int64_t>(file.duplicates.size()));
            const auto rejects = lines_of(place.read("r.xts.rejects.csv"));
            REQUIRE(!rejects.empty());
            CHECK(rejects[0] == "line,column,reason");
            REQUIRE(rejects.size() == file.rejects.size() + 1);
            for (std::size_t i = 0; i < file.rejects.size(); ++i) {
                CAPTURE(file.rejects[i]);
                CHECK(rejects[i + 1].starts_with(file.rejects[i]));
            }
            auto duplicates = lines_of(place.read("r.xts.duplicates.csv"));
            REQUIRE(!duplicates.empty());
            CHECK(duplicates.front() == "dropped_line,kept_line");
            duplicates.erase(duplicates.begin());
            CHECK(duplicates == file.duplicates);
            CHECK(place.shell("xacthuc inspect r.xts --verify").code == 0);
        }
    }
}

TEST_CASE("a file that ends within a quoted field makes no snapshot") {
    const workplace place;
    place.write("people.csv", "id,name\n001190000001,An\n001190000002,\"Bình\n001190000003,Chi\n");
    const auto run = place.shell("xacthuc import people.csv -o r.xts");
    CHECK(run.code == 1);
    CHECK(run.err.find("a quoted field is not closed by the end of the file: people.csv, the row from line 3 on") !=
          std::string::npos);
    CHECK_FALSE(place.has("r.xts"));
}

TEST_CASE("of a citizen's several rows the last one answers") {
    const workplace place;
    place.write("people.csv", "id,name\n001190000001,An\n001190000001,Bình\n");
    CHECK(place.shell("xacthuc import people.csv -o r.xts").code == 3);
    place.write("requests.csv", "id,name,expected_outcome\n001190000001,Bình,0\n001190000001,An,name_mismatch\n");
    CHECK(place.shell("xacthuc verify requests.csv -r r.xts").code == 0);
}

TEST_CASE("an import of a generated nation gives its snapshot, whatever the threads, and from a pipe") {
    const workplace place;
    REQUIRE(place.shell("xacthuc generate -n 20k --seed 3 --out g.xts --csv people.csv").code == 0);
    REQUIRE(place.shell("xacthuc import people.csv -o one.xts -j1 --placement-seed 3 --json").code == 0);
    REQUIRE(place.shell("cat people.csv | xacthuc import - -o two.xts -j2 --placement-seed 3 --json").code == 0);
    const auto facts = [&](const std::string& file) {
        auto all = boost::json::parse(place.shell("xacthuc inspect " + file + " --verify --json").out).as_object();
        for (const auto* name : {"file", "as_of_unix_ms", "created_unix_ms"}) all.erase(name);
        return all;
    };
    CHECK(facts("g.xts").at("citizens").as_int64() == 20'000);
    CHECK(facts("one.xts") == facts("g.xts"));
    CHECK(facts("two.xts") == facts("g.xts"));
    REQUIRE(place.shell("xacthuc generate -n 20k --seed 3 --requests q.csv --request-count 20k").code == 0);
    for (const auto* file : {"g.xts", "one.xts", "two.xts"})
        CHECK(place.shell(std::string{"xacthuc verify q.csv -o v.csv -r "} + file).code == 0);
}

TEST_CASE("without a terminal there is not a byte of a progress bar") {
    const workplace place;
    REQUIRE(place.shell("xacthuc generate -n 300k --csv people.csv").code == 0);
    const auto run = place.shell("TERM=xterm xacthuc import people.csv -o r.xts");
    CHECK(run.code == 0);
    CHECK(run.out.empty());
    CHECK(run.err.find('\r') == std::string::npos);
    CHECK(run.err.find('\033') == std::string::npos);
}

TEST_CASE("on a terminal there is a progress bar, and NO_COLOR takes its colours away") {
    const workplace place;
    if (place.shell("command -v script").code != 0) return;  // util-linux, on every Debian
    REQUIRE(place.shell("xacthuc generate -n 400k --csv people.csv").code == 0);
    const std::string program = "script -qec \"'" XACTHUC_PROGRAM "' import people.csv -o r.xts -j1\" /dev/null";
    const auto coloured = place.shell("TERM=xterm NO_COLOR= " + program);
    CHECK(coloured.out.find("rows/s") != std::string::npos);
    CHECK(coloured.out.find("\033[36m") != std::string::npos);
    const auto plain = place.shell("TERM=xterm NO_COLOR=1 " + program);
    CHECK(plain.out.find("left") != std::string::npos);
    CHECK(plain.out.find("\033[36m") == std::string::npos);
}

TEST_CASE("an interrupted import leaves nothing under the final names") {
    const workplace place;
    REQUIRE(place.shell("xacthuc generate -n 1k --csv people.csv").code == 0);
    // The pipe stays open, so the import waits for more when the signal comes.
    const auto run = place.shell(
        "mkfifo hold; { cat people.csv hold; } | { xacthuc import - -o r.xts & p=$!; "
        "until test -e r.xts.rejects.csv.partial; do sleep 0.05; done; kill -INT $p; wait $p; echo code $?; : <> hold; "
        "}");
    CHECK(run.out.find("code 130") != std::string::npos);
    CHECK(run.err.find("xacthuc: interrupted") != std::string::npos);
    for (const std::string name :
         {"r.xts", "r.xts.rejects.csv", "r.xts.rejects.csv.partial", "r.xts.duplicates.csv.partial"}) {
        CAPTURE(name);
        CHECK_FALSE(place.has(name));
    }
}

TEST_CASE("an import that waits for input in any of its threads is interrupted at once") {
    const workplace place;
    REQUIRE(place.shell("xacthuc generate -n 1k --csv people.csv").code == 0);
    for (int round = 0; round < 12; ++round) {
        // By then all rows are read, and now one thread waits for more and now another. Who is not done in five seconds
        // is killed, with another code.
        const auto run = place.shell(
            "rm -rf hold r.xts*; mkfifo hold; { cat people.csv hold; } | { xacthuc import - -o r.xts -j4 & p=$!; "
            "until test -e r.xts.duplicates.csv.partial; do sleep 0.02; done; sleep 0.2; kill -INT $p; "
            "{ sleep 5; kill -KILL $p; } 2> /dev/null & w=$!; wait $p; echo code $?; kill $w; : <> hold; }");
        CAPTURE(round);
        REQUIRE(run.out.find("code 130") != std::string::npos);
    }
}

TEST_CASE("keys: made once and said so, secret ones for the owner only, never made anew beside an old public one") {
    const workplace place;
    place.write("people.csv", "id,name\n001190000001,An\n");
    const auto first = place.shell("xacthuc import people.csv -o r.xts");
    CHECK(first.err.find("made a new digest key") != std::string::npos);
    CHECK(first.err.find("made a new authority key") != std::string::npos);
    const auto private_only = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
    for (const auto* name : {"digest.key", "authority.key", "r.xts", "r.xts.rejects.csv"})
        CHECK(std::filesystem::status(place / name).permissions() == private_only);
    const auto second = place.shell("xacthuc import people.csv -o r.xts");
    CHECK(second.code == 0);
    CHECK(second.err.find("made") == std::string::npos);
    std::filesystem::remove(place / "authority.key");
    const auto third = place.shell("xacthuc import people.csv -o r.xts");
    CHECK(third.code == 1);
    CHECK(third.err.find("authority.pub") != std::string::npos);
    std::filesystem::permissions(place / "digest.key", std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    CHECK(place.shell("xacthuc import people.csv -o r.xts").code == 5);
}
