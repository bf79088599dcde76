// SPDX-License-Identifier: Apache-2.0
// Frameworks put together: what holds for whom, who decided it, who has to sign, and that nothing can be widened.
#include <map>
#include <random>
#include <xacthuc/policy/policy_table.hpp>

#include "domain/octets.hpp"
#include "unit/policy/framework_texts.hpp"
#include "unit/policy/random_tree.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

[[nodiscard]] rule rule_in(const policy_tree& tree, std::string_view agency, std::string_view procedure) {
    return tree.rule_of(*tree.find_agency(agency), *tree.find_procedure(procedure));
}

struct key_pair {
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    public_key key;

    key_pair() { crypto_sign_keypair(octets(key.bytes), secret.data()); }
    [[nodiscard]] note_verifier named(std::string_view name) const { return note_verifier::make(name, key).value(); }
    [[nodiscard]] signed_note sign(const std::string& text, std::string_view name) const {
        signed_note note{text, {}};
        const auto signed_now = sign_note(note, named(name), [&](std::span<const std::byte> message) {
            ed25519::signature made;
            crypto_sign_detached(octets(made.bytes), nullptr, octets(message), message.size(), secret.data());
            return made;
        });
        REQUIRE(signed_now.has_value());
        return note;
    }
};

}  // namespace

TEST_CASE("each agency has what its nation gives, less what it and those above it leave out") {
    const auto tree = framework_texts{}.link().value();
    const auto nation = rule_in(tree, "police", "social-payment");
    CHECK(nation.may_ask == mask_of(claim::name, claim::birth_date, claim::life, claim::registration));
    CHECK(nation.per_day == 2'000'000);
    CHECK(nation.delegate_depth == 0);
    CHECK(policy_day_text(nation.valid_to) == "2030-12-31");
    const auto health = rule_in(tree, "health", "4964");
    CHECK(health.may_ask == mask_of(claim::name, claim::birth_date, claim::life));
    CHECK(health.per_day == 40'000);
    CHECK(health.per_second == 500);
    CHECK(health.answer == answer_detail::one_bit);
    CHECK(health.proof == (agency_proved | holder_proved));
    CHECK(health.delegate_depth == 2);
    const auto danang = rule_in(tree, "4801", "social-payment");
    CHECK(danang.must_ask == mask_of(claim::name, claim::birth_date, claim::life));
    CHECK(policy_day_text(danang.valid_from) == "2027-01-01");
    CHECK(danang.delegate_depth == 1);
    CHECK(rule_in(tree, "health/48/1", "social-payment").refusal == outcome::not_permitted);
    CHECK(rule_in(tree, "health", "age-check").refusal == outcome::not_permitted);
}

TEST_CASE("an explanation says which file and line decided each field") {
    const auto tree = framework_texts{}.link().value();
    const auto made = tree.explain(*tree.find_agency("health/48"), *tree.find_procedure("social-payment"));
    CHECK(made.agencies == std::vector<std::string>{"health", "health/48"});
    CHECK(made.frameworks == std::vector<std::string>{"vn", "vn/health", "vn/health/48"});
    std::map<rule_field, std::string> places;
    for (const auto& each : made.fields) places[each.field] = each.decided_at.text() + " " + each.value;
    CHECK(places[rule_field::may_ask] == "health.toml:12 [\"name\", \"birth_date\", \"life\"]");
    CHECK(places[rule_field::must_ask] == "danang.toml:12 [\"name\", \"birth_date\", \"life\"]");
    CHECK(places[rule_field::valid_from] == "danang.toml:13 2027-01-01");
    CHECK(places[rule_field::valid_to] == "vn.toml:3 2030-12-31");
    CHECK(places[rule_field::answer] == "health.toml:13 \"one_bit\"");
    CHECK(places[rule_field::per_day] == "health.toml:15 40000");
    CHECK(places[rule_field::per_second] == "vn.toml:17 500");
    CHECK(places[rule_field::delegate_depth] == "health.toml:9 1");
    CHECK(places[rule_field::proof_age_max] == "vn.toml:16 300");
    CHECK(made.permitted_at.text() == "vn.toml:36");
    const auto refused = tree.explain(*tree.find_agency("health/48/1"), *tree.find_procedure("social-payment"));
    CHECK(refused.fields.empty());
    CHECK(refused.permitted_at.text() == "danang.toml:9");
    // Cut off above it: the agency that is asked about stands in the chain all the same.
    const auto above = tree.explain(*tree.find_agency("health/48/1"), *tree.find_procedure("age-check"));
    CHECK(above.agencies == std::vector<std::string>{"health", "health/48", "health/48/1"});
    CHECK(above.permitted_at.text() == "vn.toml:36");
}

TEST_CASE("a field that is wider is refused with both values, field by field") {
    struct widening {
        rule_field field;
        std::string_view line;
        std::string_view message;
    };
    // In place of the tailoring of health, whose parent is the nation.
    for (const auto& [field, line, message] : std::initializer_list<widening>{
             {rule_field::may_ask, "may_ask = [\"name\", \"sex\"]",
              "may_ask is [\"name\", \"sex\"], wider than [\"name\", \"birth_date\", \"life\", \"registration\"] of "
              "\"vn\" (vn.toml:10)"},
             {rule_field::must_ask, "must_ask = [\"name\"]",
              "must_ask is [\"name\"], wider than [\"name\", \"birth_date\"] of \"vn\" (vn.toml:11)"},
             {rule_field::valid_from, "valid.from = 2025-12-31",
              "valid.from is 2025-12-31, wider than 2026-01-01 of \"vn\" (vn.toml:3)"},
             {rule_field::valid_to, "valid.to = 2031-01-01",
              "valid.to is 2031-01-01, wider than 2030-12-31 of \"vn\" (vn.toml:3)"},
             {rule_field::proof, "proof = []", "proof is [], wider than [\"agency\"] of \"vn\" (vn.toml:13)"},
             {rule_field::proof, "proof = [\"holder\"]",
              "proof is [\"holder\"], wider than [\"agency\"] of \"vn\" (vn.toml:13)"},
             {rule_field::misses_per_citizen_day, "quota.misses_per_citizen_day = 6",
              "quota.misses_per_citizen_day is 6, wider than 5 of \"vn\" (vn.toml:17)"},
             {rule_field::per_second, "quota.per_second = 501",
              "quota.per_second is 501, wider than 500 of \"vn\" (vn.toml:17)"},
             {rule_field::per_day, "quota.per_day = 2_000_001",
              "quota.per_day is 2000001, wider than 2000000 of \"vn\" (vn.toml:17)"},
             {rule_field::officer_per_day, "quota.officer_per_day = 1_001",
              "quota.officer_per_day is 1001, wider than 1000 of \"vn\" (vn.toml:17)"},
             {rule_field::proof_age_max, "proof_age_max = 301",
              "proof_age_max is 301, wider than 300 of \"vn\" (vn.toml:16)"}}) {
        framework_texts texts;
        texts.health = texts.health.substr(0, texts.health.find("may_ask")) + std::string{line} + '\n';
        const auto which = field;
        CAPTURE(to_string(which));
        CHECK(faults_of(texts).starts_with("health.toml:12: procedure \"social-payment\": " + std::string{message} +
                                           '\n'));
    }
    // Those that the nation's other procedure can show.
    for (const auto& [line, message] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"answer = \"per_claim\"", "answer is \"per_claim\", wider than \"one_bit\" of \"vn\" (vn.toml:25)"},
             {"account_level_at_least = \"none\"",
              "account_level_at_least is \"none\", wider than \"level_1\" of \"vn\" (vn.toml:27)"},
             {"consent = \"law\"", "consent is \"law\", wider than \"holder\" of \"vn\" (vn.toml:28)"}}) {
        framework_texts texts;
        texts.nation = replaced(texts.nation, "may = [\"social-payment\"]", "may = [\"@all\"]");
        texts.health += "[tailor.age-check]\n" + std::string{line} + '\n';
        CHECK(faults_of(texts).starts_with("health.toml:17: procedure \"age-check\": " + std::string{message} + '\n'));
    }
    // Below an agency that has narrowed it, its value counts and not the nation's.
    framework_texts texts;
    texts.danang += "quota.per_day = 50_000\n";
    CHECK(faults_of(texts) ==
          "danang.toml:14: procedure \"social-payment\": quota.per_day is 50000, wider than 40000 of \"vn/health\" "
          "(health.toml:15)\n");
    texts = {};
    texts.danang =
        replaced(texts.danang, "must_ask = [\"name\", \"birth_date\", \"life\"]", "may_ask = [\"name\", \"life\"]");
    CHECK(faults_of(texts) ==
          "danang.toml:11: procedure \"social-payment\": must_ask [\"name\", \"birth_date\"] is not within may_ask "
          "[\"name\", \"life\"]\n");
    texts = {};
    texts.health = "valid.to = 2031-06-01\n" + texts.health;
    CHECK(faults_of(texts).starts_with(
        "health.toml:1: valid.to is 2031-06-01, wider than 2030-12-31 of \"vn\" in vn.toml\n"));
}

TEST_CASE("nothing is built on a framework that has ended, and one that ended permits nothing") {
    const auto day = [](std::int64_t unix_ms) { return policy_day_of(unix_ms); };
    const auto in_2031 = day(1'925'000'000'000);
    CHECK(faults_of({}, {.today = in_2031, .root = {}}) ==
          "health.toml:3: extends \"vn\", which ended on 2030-12-31 (vn.toml); today is 2031-01-01\n"
          "danang.toml:3: extends \"vn/health\", which ended on 2030-12-31 (health.toml); today is 2031-01-01\n");
    const auto tree = framework_texts{}.link().value();
    CHECK(permits(rule_in(tree, "police", "social-payment"),
                  {mask_of(claim::name, claim::birth_date), agency_proved, in_2031}) == outcome::policy_not_valid);
}

TEST_CASE("a suspended agency, and whoever is below it, may ask nothing") {
    framework_texts texts;
    texts.nation = replaced(texts.nation, "delegate_depth = 2", "delegate_depth = 2\nsuspended = true");
    const auto tree = texts.link().value();
    for (const auto* agency : {"health", "health/48", "health/48/1"})
        CHECK(rule_in(tree, agency, "social-payment").refusal == outcome::agency_suspended);
    CHECK(rule_in(tree, "police", "social-payment").refusal == outcome::verified);
}

TEST_CASE("each framework is signed by whom its parent's names, the nation's by the root") {
    const key_pair root;
    const key_pair health;
    const key_pair stranger;
    framework_texts texts;
    texts.nation = replaced(texts.nation, "[agency.health]\n",
                            "[agency.health]\nkey = \"" + health.named("health").text() + "\"\n");
    const auto files = texts.files();
    const auto link = [&](const signed_note& first, const signed_note& second, const signed_note& third) {
        std::vector<framework> all;
        std::size_t k = 0;
        for (const auto* note : {&first, &second, &third}) {
            auto read = parse_framework(note->text, files[k++].first).value();
            if (!note->signatures.empty()) read.note = *note;
            all.push_back(std::move(read));
        }
        return policy_tree::link(std::move(all), {.today = 0, .root = root.named("vn")});
    };
    const auto nation = root.sign(files[0].second, "vn");
    const auto second = health.sign(files[1].second, "health");
    // The health ministry's framework names no key for its department, so it signs for it.
    const auto third = health.sign(files[2].second, "health");
    CHECK(link(nation, second, third).has_value());
    for (const auto& wrong : {stranger.sign(files[0].second, "vn"), root.sign(files[0].second, "vnn"),
                              health.sign(files[0].second, "health")})
        CHECK(link(wrong, second, third).error().size() == 1);
    CHECK(link(nation, root.sign(files[1].second, "vn"), third).error().size() == 1);
    CHECK(link(nation, stranger.sign(files[1].second, "health"), third).error().size() == 1);
    CHECK(link(nation, second, root.sign(files[2].second, "vn")).error().size() == 1);
    const auto unsigned_one = link(nation, {files[1].second, {}}, third).error();
    REQUIRE(unsigned_one.size() == 1);
    CHECK(unsigned_one.front().message() ==
          "health.toml: \"vn/health\" is not signed; it has to be a note signed by " + health.named("health").text());
    auto changed = nation;
    changed.text = replaced(changed.text, "version = 3", "version = 3 ");
    CHECK(link(changed, second, third).has_error());
}

TEST_CASE("the tree and the table decide as a slow reading of the texts does") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        random_tree made{seed};
        const auto linked = made.texts();
        REQUIRE_MESSAGE(linked.has_value(), linked.error().front().message());
        const auto table = policy_table::compile(*linked).value();
        const auto again = policy_table::from_bytes(table.bytes()).value();
        REQUIRE(again.hash() == table.hash());
        for (std::uint32_t agency = 0; agency < 70; ++agency)
            for (std::uint32_t procedure = 0; procedure < 20; ++procedure) {
                const auto a = static_cast<std::uint16_t>(agency);
                const auto p = static_cast<std::uint16_t>(procedure);
                const auto expected = made.rule_of(a, p);
                REQUIRE(table.of(a, p) == expected);
                REQUIRE(again.of(a, p) == expected);
            }
        REQUIRE(table.of(65'535, 1).refusal == outcome::unknown_agency);
    }
}
