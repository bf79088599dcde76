// SPDX-License-Identifier: Apache-2.0
// Every fault of a framework is told with its file, its line and what would be right.
#include "unit/policy/framework_texts.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

struct text_change {
    std::string_view from;
    std::string_view to;
    std::string_view message;  // the only fault
};

void check_each(std::string framework_texts::*which, std::initializer_list<text_change> changes) {
    for (const auto& each : changes) {
        framework_texts texts;
        texts.*which = replaced(texts.*which, each.from, each.to);
        CAPTURE(each.to);
        CHECK(faults_of(texts) == std::string{each.message} + '\n');
    }
}

}  // namespace

TEST_CASE("the frameworks of this file have no fault") {
    CHECK(faults_of({}) == "");
}

TEST_CASE("values and keys that a framework cannot have") {
    check_each(
        &framework_texts::nation,
        {{"version = 3\n", "version = 0\n", "vn.toml:2: version is from 1 to 4294967295, not 0"},
         {"number = 4964", "number = 65536", "vn.toml:6: number is from 1 to 65535, not 65536"},
         {"number = 7\n", "number = \"7\"\n", "vn.toml:20: number is a whole number, not a text"},
         {"answer = \"per_claim\"", "answer = \"everything\"",
          "vn.toml:12: answer is one of one_bit, per_claim, not \"everything\""},
         {"answer = \"per_claim\"", "answer = 1.5", "vn.toml:12: answer is a text, not a number with a fraction"},
         {"consent = \"law\"", "consent = [\"law\"]", "vn.toml:15: consent is a text, not a list"},
         {"consent = \"law\"", "consents = \"law\"",
          "vn.toml:15: unknown key \"consents\" in procedure \"social-payment\""},
         {"per_second = 500", "per_second = 0", "vn.toml:17: quota.per_second is from 1 to 4294967294, not 0"},
         {"per_second = 500", "per_hour = 500", "vn.toml:17: unknown key \"per_hour\" in quota"},
         {"misses_per_citizen_day = 5", "misses_per_citizen_day = 15",
          "vn.toml:17: quota.misses_per_citizen_day is from 0 to 14, not 15"},
         {"proof_age_max = 300", "proof_age_max = 2678401",
          "vn.toml:16: proof_age_max is from 1 to 2678400, not 2678401"},
         {"must_ask = [\"name\", \"birth_date\"]", "must_ask = [\"name\", \"name\"]",
          "vn.toml:11: must_ask has \"name\" twice"},
         {"must_ask = [\"name\", \"birth_date\"]", "must_ask = \"name\"",
          "vn.toml:11: must_ask is a list of texts, not a text"},
         {"from = 2026-01-01", "from = \"2026-01-01\"",
          "vn.toml:3: valid.from is a day such as 2027-01-31, not a text"},
         {"from = 2026-01-01", "from = 1999-12-31", "vn.toml:3: valid.from is a day from 2000-01-02 to 2179-06-05"},
         {"from = 2026-01-01", "from = 2031-01-01", "vn.toml:3: valid.from 2031-01-01 is after valid.to 2030-12-31"},
         {"en = \"Age check\"", "fr = \"Age\"",
          "vn.toml:19: procedure \"age-check\" has no title in both languages, vi and en\n"
          "vn.toml:21: unknown key \"fr\" in title"},
         {"law = \"general words\"", "law = \"\"", "vn.toml:23: law is empty"},
         {"may = [\"@all\"]", "may = [\"@some\"]", "vn.toml:42: may has \"@some\", and there is no [set.some]"},
         {"may = [\"@all\"]", "may = [\"@all\", \"age-check\"]", "vn.toml:42: may has \"age-check\" twice"},
         {"may = [\"@all\"]", "key = \"none\"\nmay = [\"@all\"]",
          "vn.toml:42: key is not a verifier key of the form name+id+base64 for Ed25519"},
         {"delegate_depth = 2", "delegate_depth = 17", "vn.toml:37: delegate_depth is from 0 to 16, not 17"},
         {"may = [\"@all\"]", "suspended = \"no\"\nmay = [\"@all\"]",
          "vn.toml:42: suspended is true or false, not a text"},
         {"[agency.police]", "[agency.\"Police 1\"]",
          "vn.toml:39: \"Police 1\" is not a name: a to z, 0 to 9, - and _, with / between parts"},
         {"[set.all]", "[sets.all]",
          "vn.toml:30: unknown key \"sets\" in a framework\nvn.toml:42: may has \"@all\", and there is no [set.all]"}});
}

TEST_CASE("a text that is not TOML is told with the line") {
    framework_texts texts;
    texts.nation = replaced(texts.nation, "number = 7\n", "number = = 7\n");
    const auto message = faults_of(texts);
    CHECK(message.starts_with("vn.toml:20: "));
    texts.nation = replaced(std::string{national_text}, "number = 7\n", "number = 7\nnumber = 8\n");
    CHECK(faults_of(texts).starts_with("vn.toml:21: "));
    CHECK(parse_framework("", "empty.toml").error().front().message().starts_with("empty.toml"));
    CHECK(parse_framework(std::string_view{"a\0b", 3}, "nul.toml").has_error());
    CHECK(parse_framework("framework = \"\xff\"", "utf8.toml").has_error());
}

TEST_CASE("a nation whose rules cannot hold") {
    check_each(
        &framework_texts::nation,
        {{"must_ask = [\"name\", \"birth_date\"]", "must_ask = [\"sex\"]",
          "vn.toml:5: procedure \"social-payment\": must_ask [\"sex\"] is not within may_ask [\"name\", "
          "\"birth_date\", \"life\", \"registration\"]\n"
          "health.toml:11: procedure \"social-payment\": must_ask [\"sex\"] is not within may_ask [\"name\", "
          "\"birth_date\", \"life\"]\n"
          "danang.toml:12: procedure \"social-payment\": must_ask is [\"name\", \"birth_date\", \"life\"], wider than "
          "[\"sex\"] of \"vn\" (vn.toml:11)\n"
          "danang.toml:11: procedure \"social-payment\": must_ask [\"sex\"] is not within may_ask [\"name\", "
          "\"birth_date\", \"life\"]"},
         {"proof = [\"agency\", \"holder\"]", "proof = [\"agency\"]",
          "vn.toml:19: procedure \"age-check\": account_level_at_least is \"level_1\", which only the holder's proof "
          "can show, and proof is [\"agency\"]\n"
          "vn.toml:19: procedure \"age-check\": consent is \"holder\", which only the holder's proof can show, and "
          "proof is [\"agency\"]"},
         {"number = 7\n", "number = 4964\n",
          "vn.toml:5: procedure \"social-payment\" has number 4964, which \"age-check\" has at vn.toml:19"},
         {"number = 13", "number = 12",
          "vn.toml:39: agency \"police\" has number 12, which \"health\" has at vn.toml:33"},
         {"may = [\"@all\"]", "may = [\"passport\"]",
          "vn.toml:42: may has \"passport\", which is no procedure of \"vn\""},
         {"may = [\"@all\"]\n", "", "vn.toml:39: agency \"police\" has no may: the procedures that it may use"}});
}

TEST_CASE("a framework that is not built on what is there") {
    check_each(
        &framework_texts::health,
        {{"version = 3", "version = 2", "health.toml:3: extends version 2 of \"vn\", and vn.toml is version 3"},
         {"sha256 = \"HASH\"", "sha256 = \"12\"", "health.toml:3: extends.sha256 has 64 digits, of 0 to 9 and a to f"},
         {", sha256 = \"HASH\"", "", "health.toml:3: extends has to have framework, version and sha256"},
         {"number = 4801", "number = 13",
          "health.toml:5: agency \"health/48\" has number 13, which \"police\" has at vn.toml:39"},
         {"[agency.\"health/48\"]", "[agency.police]",
          "health.toml:5: agency \"police\" is also in vn.toml:39\ndanang.toml:8: agency \"health/48/1\" has parent "
          "\"health/48\", which is not here\ndanang.toml:8: agency \"health/48/1\" is not below \"health/48\", and "
          "\"vn/health/48\" can only speak for those that are\ndanang.toml:1: there is no agency \"health/48\", for "
          "which \"vn/health/48\" could speak"},
         {"parent = \"health\"", "parent = \"police\"",
          "health.toml:8: agency \"health/48\" is not below \"health\", and \"vn/health\" can only speak for those "
          "that are\nhealth.toml:5: agency \"health/48\" is below \"police\", and delegate_depth of \"police\" is 0 "
          "(vn.toml:39)"},
         {"delegate_depth = 1", "delegate_depth = 2",
          "health.toml:9: delegate_depth of \"health/48\" is 2, and delegate_depth of \"health\" is 2 (vn.toml:37), "
          "which leaves 1"},
         {"parent = \"health\"", "parent = \"health\"\nmay = [\"age-check\"]",
          "health.toml:9: may has \"age-check\", which the parent \"health\" may not use (vn.toml:36)\n"
          "danang.toml:11: tailors \"social-payment\", which \"health/48\" may not use"},
         {"[tailor.social-payment]", "[tailor.age-check]",
          "health.toml:11: tailors \"age-check\", which \"health\" may not use"},
         {"[tailor.social-payment]", "[tailor.passport]",
          "health.toml:11: tailors \"passport\", which is no procedure of \"vn\""},
         {"[tailor.social-payment]", "[procedure.more]\nnumber = 9\n[tailor.social-payment]\nlaw = \"mine\"",
          "health.toml:11: procedure \"more\" has no purpose\n"
          "health.toml:11: procedure \"more\" has no law\n"
          "health.toml:11: procedure \"more\" has no may_ask\n"
          "health.toml:11: procedure \"more\" has no answer\n"
          "health.toml:11: procedure \"more\" has no proof\n"
          "health.toml:11: procedure \"more\" has no title in both languages, vi and en\n"
          "health.toml:14: unknown key \"law\" in tailor \"social-payment\""}});
    framework_texts texts;
    texts.health = replaced(texts.health, "HASH", std::string(64, '0'));
    CHECK(faults_of(texts) == "health.toml:3: extends the text of \"vn\" with sha256 " + std::string(64, '0') +
                                  ", and vn.toml has " + hex_sha256(national_text) + '\n');
    texts = {};
    texts.health = replaced(texts.health, "framework = \"vn/health\"", "framework = \"other/health\"");
    CHECK(faults_of(texts).starts_with(
        "health.toml:1: \"other/health\" extends \"vn\", so its name has to begin with \"vn/\"\n"));
    texts = {};
    texts.health = replaced(texts.health, "framework = \"vn\"", "framework = \"laos\"");
    CHECK(faults_of(texts).starts_with("health.toml:3: extends \"laos\", which is not here\n"));
}
