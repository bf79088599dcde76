// SPDX-License-Identifier: Apache-2.0
// The verify, inspect and generate subcommands and the command line itself, from end to end.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "cli/command.hpp"

using xacthuc_test::lines_of;
using xacthuc_test::workplace;

namespace {

// A register of two citizens.
void make_register(const workplace& place) {
    place.write("people.csv",
                "id,name,birth_date,sex,life,document_expiry\n"
                "001190000001,Nguyễn Thị Hòa,1990-02-28,nữ,alive,lifelong\n"
                "001090000002,Trần Văn Bình,1990,nam,deceased,\n");
    REQUIRE(place.shell("xacthuc import people.csv -o r.xts").code == 0);
}

}  // namespace

TEST_CASE("verdicts come in order, with line numbers, references and reasons") {
    const workplace place;
    make_register(place);
    place.write("q.csv",
                "ma_ho_so,so_cccd,ho_ten,ngay_sinh\n"
                "A,001190000001,NGUYEN THI HOA,28/02/1990\n"
                "\"B, \"\"2\"\"\",001190000001,Nguyễn Thị Hoà,1991\n"
                "\n"
                "C,123,An,\n"
                "D,001199999999,An,\n"
                "E,001090000002,Trần Văn Bình,1990-01-01\n"
                "F,001190000001,\"An\"x\n"
                "G,001190000001,,\n");
    const auto run = place.shell("xacthuc verify q.csv -r r.xts");
    CHECK(run.code == 3);
    const auto lines = lines_of(run.out);
    REQUIRE(lines.size() == 8);
    CHECK(lines[0] ==
          "line,reference,outcome,meaning,matched,mismatched,unavailable,name_grade,coarse,claim_coarse,column,reason");
    CHECK(lines[1] == "2,A,0,verified,name birth_date,,,folded,no,no,,");
    CHECK(lines[2] == "3,\"B, \"\"2\"\"\",102,birth_date_mismatch,name,birth_date,,exact,no,yes,,");
    CHECK(lines[3] == "5,C,600,malformed,,,,,no,no,id,a personal id has 12 digits");
    CHECK(lines[4] == "6,D,200,not_found,,,name,,no,no,,");
    CHECK(lines[5].starts_with("7,E,210,deceased,"));
    CHECK(lines[6].starts_with("8,,600,malformed,,,,,no,no,,the quotes"));
    CHECK(lines[7] == "9,G,600,malformed,,,,,no,no,,the request claims nothing");
}

TEST_CASE("JSON lines are JSON, and --json ends them with a summary") {
    const workplace place;
    make_register(place);
    place.write("q.csv",
                "reference,id,name\n\"\\\"\"\n\t\",001190000001,Nguyễn Thị Hòa\nx,1,An\n\xff,001190000001,An\n");
    const auto run = place.shell("xacthuc verify - -r r.xts --json < q.csv");
    CHECK(run.code == 3);
    const auto lines = lines_of(run.out);
    REQUIRE(lines.size() == 4);
    const auto first = boost::json::parse(lines[0]);
    CHECK(first.at("line").as_int64() == 2);
    CHECK(first.at("reference").as_string() == "\\\"\n\t");
    CHECK(first.at("outcome").as_int64() == 0);
    CHECK(first.at("matched").as_array().size() == 1);
    CHECK(first.at("name_grade").as_string() == "exact");
    CHECK(first.at("coarse").as_bool() == false);
    CHECK(first.at("claim_coarse").as_bool() == false);
    const auto second = boost::json::parse(lines[1]);
    CHECK(second.at("line").as_int64() == 4);
    CHECK(second.at("outcome").as_int64() == 600);
    CHECK(second.at("column").as_string() == "id");
    CHECK(boost::json::parse(lines[2]).at("column").as_string() == "reference");
    const auto summary = boost::json::parse(lines[3]);
    CHECK(summary.at("command").as_string() == "verify");
    CHECK(summary.at("requests").as_int64() == 3);
    CHECK(summary.at("malformed").as_int64() == 2);
    CHECK(summary.at("outcomes").at("verified").as_int64() == 1);
    CHECK(summary.at("sequence").as_int64() == 1);
}

TEST_CASE("names with other marks are other names, and coarse dates say whose they are") {
    const workplace place;
    make_register(place);
    place.write("q.csv",
                "id,name,birth_date\n"
                "001190000001,Nguyễn Thị Hóa,1990-02-28\n"
                "001190000001,Nguyễn Thi Hoà,1990\n"
                "001190000001,nguyen thi hoa,00/00/1990\n");
    const auto run = place.shell("xacthuc verify q.csv -r r.xts");
    CHECK(run.code == 0);
    const auto lines = lines_of(run.out);
    REQUIRE(lines.size() == 4);
    CHECK(lines[1] == "2,,100,name_mismatch,birth_date,name,,marks_differ,no,no,,");
    CHECK(lines[2] == "3,,100,name_mismatch,birth_date,name,,marks_differ,no,yes,,");
    CHECK(lines[3] == "4,,0,verified,name birth_date,,,folded,no,yes,,");
}

TEST_CASE("a row without a required claim is malformed, and what is not claimed is counted") {
    const workplace place;
    make_register(place);
    place.write("q.csv",
                "id,name,birth_date\n"
                "001190000001,,1990-02-28\n"
                "001190000001,Nguyễn Thị Hòa,\n"
                "001190000001,NGUYEN THI HOA,1990\n");
    const auto loose = place.shell("xacthuc verify q.csv -r r.xts -o v.csv --json");
    CHECK(loose.code == 0);
    const auto summary = boost::json::parse(loose.out);
    CHECK(summary.at("outcomes").at("verified").as_int64() == 3);
    CHECK(summary.at("claims").at("name").at("matched").as_int64() == 2);
    CHECK(summary.at("claims").at("name").at("not_claimed").as_int64() == 1);
    CHECK(summary.at("claims").at("birth_date").at("not_claimed").as_int64() == 1);
    CHECK(summary.at("claims").at("birth_date").at("unavailable").as_int64() == 0);
    CHECK_FALSE(summary.at("claims").as_object().contains("sex"));
    CHECK(summary.at("name_grades").at("exact").as_int64() == 1);
    CHECK(summary.at("name_grades").at("folded").as_int64() == 1);
    CHECK(summary.at("name_grades").at("marks_differ").as_int64() == 0);
    CHECK(summary.at("claim_coarse").as_int64() == 1);
    CHECK(loose.err.find("not claimed") != std::string::npos);

    const auto strict = place.shell("xacthuc verify q.csv -r r.xts --require name,birth_date");
    CHECK(strict.code == 3);
    const auto lines = lines_of(strict.out);
    REQUIRE(lines.size() == 4);
    CHECK(lines[1] == "2,,600,malformed,,,,,no,no,name,a claim that is required is not made");
    CHECK(lines[2] == "3,,600,malformed,,,,,no,no,birth_date,a claim that is required is not made");
    CHECK(lines[3].starts_with("4,,0,verified,"));

    const auto wrong = place.shell("xacthuc verify q.csv -r r.xts --require name,sex");
    CHECK(wrong.code == 2);
    CHECK(wrong.err.find("no column sex") != std::string::npos);
    CHECK(place.shell("xacthuc verify q.csv -r r.xts --require names").code == 2);
    place.write("cards", "001190000001||Nguyễn Thị Hòa|28021990|||15042021\n");
    CHECK(place.shell("xacthuc verify cards --qr -r r.xts").out.find("verified") != std::string::npos);
    CHECK(place.shell("xacthuc verify cards --qr -r r.xts --require sex").out.find(",sex,a claim") !=
          std::string::npos);
}

TEST_CASE("verdicts are compared with the expected ones, and a wrong one is told by its line") {
    const workplace place;
    make_register(place);
    place.write("q.csv", "id,name,expected_outcome\n001190000001,Nguyễn Thị Hòa,0\n001190000001,An,0\n");
    const auto run = place.shell("xacthuc verify q.csv -r r.xts -o v.csv --json");
    CHECK(run.code == 4);
    CHECK(boost::json::parse(run.out).at("wrong_answers").as_int64() == 1);
    CHECK(boost::json::parse(run.out).at("compared").as_int64() == 2);
    CHECK(run.err.find("line 3: answered") != std::string::npos);
    place.write("bad.csv", "id,name,expected_outcome\n001190000001,An,fine\n");
    const auto bad = place.shell("xacthuc verify bad.csv -r r.xts -o bad.out");
    CHECK(bad.code == 2);
    CHECK(bad.err.find("bad.csv, line 2") != std::string::npos);
    CHECK_FALSE(place.has("bad.out"));
    CHECK_FALSE(place.has("bad.out.partial"));
}

TEST_CASE("planted requests about a generated nation: no wrong answer, mapped or loaded, the same on all threads") {
    const workplace place;
    REQUIRE(place.shell("xacthuc generate -n 50k --seed 9 -o r.xts --requests q.csv --request-count 60k").code == 0);
    const auto run = place.shell("xacthuc verify q.csv -r r.xts -o one.csv -j1 --json");
    CHECK(run.code == 0);
    const auto summary = boost::json::parse(run.out);
    CHECK(summary.at("compared").as_int64() == 60'000);
    CHECK(summary.at("wrong_answers").as_int64() == 0);
    CHECK(summary.at("outcomes").as_object().size() > 10);
    CHECK(place.shell("xacthuc verify q.csv -r r.xts --map -j3 > three.csv").code == 0);
    CHECK((place.read("one.csv") == place.read("three.csv")));
    CHECK(place.shell("cat q.csv | xacthuc verify - -r r.xts | cmp - one.csv").code == 0);
}

TEST_CASE("answers come while the requester still has the pipe open") {
    const workplace place;
    make_register(place);
    const auto run = place.shell(
        "coproc xacthuc verify - -r r.xts; printf 'id,name\\n001190000001,An\\n' >&${COPROC[1]}; "
        "read -t 10 -u ${COPROC[0]} header; read -t 10 -u ${COPROC[0]} first; echo \"$first\"; "
        "printf '001190000001,Nguyễn Thị Hòa\\n' >&${COPROC[1]}; read -t 10 -u ${COPROC[0]} second; echo \"$second\"; "
        "exec {COPROC[1]}>&-; wait $COPROC_PID");
    const auto lines = lines_of(run.out);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].starts_with("2,,100,"));
    CHECK(lines[1].starts_with("3,,0,"));
}

TEST_CASE("the texts of cards") {
    const workplace place;
    make_register(place);
    place.write("cards.txt",
                "001190000001||Nguyễn Thị Hòa|28021990|Nữ|Hà Nội|01012022\r\n"
                "001190000001|012345678|Nguyễn Thị Hòa|28021990|Nam|\"Hà Nội|01012022|more\n"
                "\n"
                "001190000001|short\n"
                "001190000001||Nguyễn Thị Hòa|28021990|Nữ|Hà Nội|01012022");
    const auto run = place.shell("xacthuc verify cards.txt --qr -r r.xts");
    CHECK(run.code == 3);
    const auto lines = lines_of(run.out);
    REQUIRE(lines.size() == 5);
    CHECK(lines[1] == "1,,0,verified,name birth_date sex,,,exact,no,no,,");
    CHECK(lines[2].starts_with("2,,103,sex_mismatch,"));
    CHECK(lines[3].starts_with("4,,600,malformed,"));
    CHECK(lines[4].starts_with("5,,0,verified,"));
}

TEST_CASE("a register that is damaged, foreign or without its key is not served") {
    const workplace place;
    make_register(place);
    place.write("q.csv", "id,name\n001190000001,An\n");
    const auto verify = [&](const std::string& options) { return place.shell("xacthuc verify q.csv " + options); };
    CHECK(verify("-r none.xts --digest-key digest.key --authority authority.pub").code == 1);
    auto bytes = place.read("r.xts");
    bytes[bytes.size() / 2] ^= 4;
    place.write("damaged.xts", bytes);
    for (const auto* how : {"", " --map"}) {
        const auto run = verify(std::string{"-r damaged.xts"} + how);
        CHECK(run.code == 5);
        CHECK(run.out.empty());
        CHECK(run.err.find("damaged.xts") != std::string::npos);
        CHECK(lines_of(run.err).size() == 1);
    }
    CHECK(place.shell("xacthuc inspect damaged.xts --verify").code == 5);
    place.write("cut.xts", place.read("r.xts").substr(0, 5000));
    CHECK(verify("-r cut.xts").code == 5);
    place.write("other.xts", "id,name\n");
    CHECK(verify("-r other.xts").code == 5);
    REQUIRE(place.shell("mkdir other && xacthuc import people.csv -o other/r.xts").code == 0);
    CHECK(verify("-r r.xts --authority other/authority.pub").code == 5);
    CHECK(verify("-r r.xts --digest-key other/digest.key").code == 5);
    CHECK(place.shell("xacthuc inspect r.xts --authority other/authority.pub").code == 5);
}

TEST_CASE("inspect tells people and programs the same") {
    const workplace place;
    make_register(place);
    const auto text = place.shell("xacthuc inspect r.xts --verify");
    CHECK(text.code == 0);
    CHECK(text.out.find("citizens            2\n") != std::string::npos);
    CHECK(text.err.empty());
    const auto json = boost::json::parse(place.shell("xacthuc inspect r.xts --verify --json").out);
    CHECK(json.at("citizens").as_int64() == 2);
    CHECK(json.at("authority_trusted").as_bool());
    CHECK(json.at("verified").as_bool());
    CHECK(json.at("records_by_lines_probed").as_array().size() >= 1);
    std::filesystem::remove(place / "authority.pub");
    const auto untrusted = boost::json::parse(place.shell("xacthuc inspect r.xts --json").out);
    CHECK_FALSE(untrusted.at("authority_trusted").as_bool());
}

TEST_CASE("the same seed gives the same files") {
    const workplace place;
    const std::string generate = "xacthuc generate -n 5k --seed 4 --request-count 5k ";
    REQUIRE(place.shell(generate + "--csv a.csv --requests a-q.csv -j1 --json").code == 0);
    REQUIRE(place.shell(generate + "--csv b.csv --requests b-q.csv -j3").code == 0);
    CHECK((place.read("a.csv") == place.read("b.csv")));
    CHECK((place.read("a-q.csv") == place.read("b-q.csv")));
    CHECK(lines_of(place.read("a.csv")).size() == 5001);
    CHECK(place.shell(generate + "--csv - | head -c 20").out == place.read("a.csv").substr(0, 20));
}

TEST_CASE("how the command ends") {
    const workplace place;
    make_register(place);
    place.write("q.csv", "id,name\n001190000001,An\n");
    CHECK(place.shell("xacthuc --version").out.starts_with("xacthuc "));
    CHECK(place.shell("xacthuc --help").code == 0);
    for (const std::string subcommand :
         {"generate", "import", "inspect", "verify", "keygen", "sign", "verify-signatures"}) {
        const auto help = place.shell("xacthuc " + subcommand + " --help");
        CHECK(help.code == 0);
        CHECK(help.out.find("Examples:") != std::string::npos);
    }
    CHECK(place.shell("xacthuc").code == 2);
    CHECK(place.shell("xacthuc sing").code == 2);
    CHECK(place.shell("xacthuc import q.csv").code == 2);
    CHECK(place.shell("xacthuc generate").code == 2);
    CHECK(place.shell("xacthuc generate -n 0 --csv x.csv").code == 2);
    CHECK(place.shell("xacthuc import q.csv -o r2.xts --threads 0").code == 2);
    CHECK(place.shell("xacthuc import q.csv -o r2.xts --delimiter ab").code == 2);
    CHECK(place.shell("xacthuc import none.csv -o r2.xts").code == 1);
    CHECK(place.shell("xacthuc import q.csv -o none/r2.xts").code == 1);
    CHECK(place.shell("xacthuc import q.csv -o /dev/null").code == 1);
    CHECK(place.shell("xacthuc verify q.csv -r r.xts -o /dev/null").code == 0);
    CHECK(place.shell("xacthuc verify q.csv -r r.xts > /dev/full").code == 1);
    CHECK(place.shell("xacthuc inspect r.xts > /dev/full").code == 1);
    CHECK(std::filesystem::is_character_file("/dev/null"));
    const auto closed = place.shell("xacthuc generate -n 500k --csv - | head -1; echo ${PIPESTATUS[0]}");
    CHECK(lines_of(closed.out).back() == "141");
    CHECK(closed.err.empty());
}
