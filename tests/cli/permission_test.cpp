// SPDX-License-Identifier: Apache-2.0
// Policies and guards on the command line: who may ask what, what is remembered from one run to the next, and what each
// message says.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "cli/command.hpp"

using xacthuc_test::lines_of;
using xacthuc_test::workplace;

namespace {

constexpr auto national = R"(framework = "vn"
version = 1
[procedure.pension]
number = 7
title = { vi = "Lương hưu", en = "Pension" }
purpose = "dpv:ServiceProvision"
law = "the law on social insurance"
may_ask = ["name", "birth_date", "life"]
must_ask = ["name"]
answer = "per_claim"
proof = ["agency"]
quota = { per_day = 1000, misses_per_citizen_day = 2 }
[agency.insurance]
number = 12
title = { vi = "Bảo hiểm", en = "Insurance" }
may = ["pension"]
)";

void make_register(const workplace& place) {
    place.write("people.csv",
                "id,name,birth_date,sex,life\n"
                "001190000001,Nguyễn Thị Hòa,1990-02-28,nữ,alive\n"
                "001090000002,Trần Văn Bình,1990-01-01,nam,alive\n");
    REQUIRE(place.shell("xacthuc import people.csv -o r.xts").code == 0);
    std::filesystem::create_directories(place / "policy");
    place.write("policy/vn.toml", national);
}

[[nodiscard]] std::string meanings(const std::string& verdicts) {
    std::string all;
    bool is_header = true;
    for (const auto& line : lines_of(verdicts)) {
        auto rest = line;
        for (int column = 0; column < 3; ++column) rest = rest.substr(rest.find(',') + 1);
        if (!is_header) all += rest.substr(0, rest.find(',')) + ' ';
        is_header = false;
    }
    return all;
}

}  // namespace

TEST_CASE("rows are held against a policy, as the folder has it or compiled") {
    const workplace place;
    make_register(place);
    place.write("q.csv",
                "id,name,birth_date,sex,agency,procedure\n"
                "001190000001,Nguyễn Thị Hòa,1990-02-28,,,\n"
                "001190000001,Nguyễn Thị Hòa,,nữ,,\n"
                "001190000001,,1990-02-28,,,\n"
                "001190000001,Nguyễn Thị Hòa,,,13,7\n"
                "001190000001,Nguyễn Thị Hòa,,,12,8\n"
                "001090000002,Trần Văn An,,,12,7\n");
    REQUIRE(place.shell("xacthuc policy compile policy --unsigned -o p.xtp").code == 0);
    for (const auto* policy : {"policy", "p.xtp", "policy/vn.toml"}) {
        const auto run =
            place.shell("xacthuc verify q.csv -r r.xts --policy " + std::string{policy} + " --agency 12 --procedure 7");
        CAPTURE(run.err);
        CHECK(run.code == 0);
        CHECK(meanings(run.out) ==
              "verified claim_not_permitted required_claim_missing not_permitted unknown_procedure name_mismatch ");
    }
    // Nobody says who asks.
    const auto unknown = place.shell("xacthuc verify q.csv -r r.xts --policy p.xtp --procedure 7");
    CHECK(meanings(unknown.out) ==
          "unknown_agency unknown_agency unknown_agency unknown_agency unknown_procedure proof_missing ");
    const auto inspected = place.shell("xacthuc inspect p.xtp");
    CHECK(inspected.code == 0);
    CHECK(inspected.out.find("agencies            1, with 2 profiles") != std::string::npos);
    const auto json = boost::json::parse(place.shell("xacthuc inspect p.xtp --json").out);
    CHECK(json.at("procedures") == 1);
}

TEST_CASE("a policy with faults, or that nobody signed, answers nothing") {
    const workplace place;
    make_register(place);
    place.write("q.csv", "id,name\n001190000001,Nguyễn Thị Hòa\n");
    place.write("bad/vn.toml", "");
    std::filesystem::create_directories(place / "bad");
    place.write("bad/vn.toml", std::string{national} + "[agency.more]\nnumber = 12\nmay = [\"pension\"]\n");
    const auto faults = place.shell("xacthuc verify q.csv -r r.xts --policy bad --agency 12");
    CHECK(faults.code == 5);
    CHECK(faults.out.empty());
    CHECK(lines_of(faults.err).front() == "bad/vn.toml:17: agency \"more\" has no title in both languages, vi and en");
    CHECK(place.shell("xacthuc policy explain policy insurance passport").code == 2);
    REQUIRE(place.shell("xacthuc keygen root.key").code == 0);
    const auto key = lines_of(place.shell("xacthuc policy key --key root.key --name vn").out).front();
    const auto unsigned_policy = place.shell("xacthuc verify q.csv -r r.xts --policy policy --policy-root '" + key +
                                             "' --agency 12 --procedure 7");
    CHECK(unsigned_policy.code == 5);
    CHECK(unsigned_policy.err.find("\"vn\" is not signed; it has to be a note signed by " + key) != std::string::npos);
    REQUIRE(place.shell("xacthuc policy sign policy/vn.toml --key root.key --name vn").code == 0);
    const auto good = place.shell("xacthuc verify q.csv -r r.xts --policy policy --policy-root '" + key +
                                  "' --agency 12 --procedure 7");
    CHECK(good.code == 0);
    CHECK(meanings(good.out) == "verified ");
    // The text beside the note is changed after it was signed.
    place.write("policy/vn.toml", std::string{national} + "\n");
    const auto changed = place.shell("xacthuc policy check policy --root '" + key + "'");
    CHECK(changed.code == 5);
    CHECK(changed.err.find("policy/vn.toml: is another text than the signed one in policy/vn.note") !=
          std::string::npos);
    CHECK(place.shell("xacthuc policy compile policy -o p.xtp").code == 2);
}

TEST_CASE("what changed between two policies is told, and whether anybody gains") {
    const workplace place;
    make_register(place);
    std::filesystem::create_directories(place / "new");
    auto text = std::string{national};
    text.replace(text.find("\"life\"]"), 7, "\"sex\"]");
    text.replace(text.find("per_day = 1000"), 14, "per_day = 500");
    place.write("new/vn.toml", text);
    const auto run = place.shell("xacthuc policy diff policy new");
    CHECK(run.code == 0);
    CHECK(run.out ==
          "insurance pension: may_ask [\"name\", \"birth_date\", \"life\"] → [\"name\", \"birth_date\", \"sex\"] "
          "(other)\n"
          "insurance pension: quota.per_day 1000 → 500 (narrower)\n");
    CHECK(run.err == "1 pairs of agency and procedure differ: 0 narrower, 0 wider, 1 both or neither\n");
}

TEST_CASE("guards remember misses from one run to the next, and who is suspended") {
    const workplace place;
    make_register(place);
    place.write("wrong.csv", "id,name\n001190000001,Nguyễn Thị An\n");
    const std::string ask = " -r r.xts --policy policy --agency 12 --procedure 7 --guards g";
    CHECK(meanings(place.shell("xacthuc verify wrong.csv" + ask).out) == "name_mismatch ");
    CHECK(meanings(place.shell("xacthuc verify wrong.csv" + ask).out) == "name_mismatch ");
    CHECK(meanings(place.shell("xacthuc verify wrong.csv" + ask).out) == "misses_used_up ");
    place.write("other.csv", "id,name\n001090000002,Trần Văn Bình\n");
    CHECK(meanings(place.shell("xacthuc verify other.csv" + ask).out) == "verified ");
    const auto shown = boost::json::parse(place.shell("xacthuc guards g --json").out);
    CHECK(shown.at("agencies").as_array().size() == 1);
    CHECK(shown.at("agencies").as_array()[0].at("subjects_today") == 2);
    CHECK(place.shell("xacthuc guards g --suspend 12").code == 0);
    CHECK(meanings(place.shell("xacthuc verify other.csv" + ask).out) == "alarm_suspended ");
    CHECK(place.shell("xacthuc guards g --reinstate 12").code == 0);
    CHECK(meanings(place.shell("xacthuc verify other.csv" + ask).out) == "verified ");
    // Nobody else may read what is kept there, and no name or number of anybody stands in it as text.
    CHECK(place.shell("test -z \"$(find g -name '*.guard' ! -perm 600)\"").code == 0);
    CHECK(place.shell("grep -r 001190000001 g").code == 1);
    CHECK(place.shell("xacthuc guards nowhere").code == 1);
    CHECK(place.shell("chmod 644 g/misses.guard; xacthuc verify other.csv" + ask).code == 5);
}
