// SPDX-License-Identifier: Apache-2.0
// The example of a national policy in data/policy: it compiles, is whole, narrows wherever it tailors, asks for as
// little as its comments say, and decides as a lawyer would who reads it.
#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "unit/policy/example_policy.hpp"

using namespace xacthuc;
using namespace xacthuc::test;

namespace {

// Purposes of the Data Privacy Vocabulary 2.0 (https://w3id.org/dpv, module purposes) that a public service can have.
constexpr std::array<std::string_view, 40> dpv_purposes{"AcademicResearch",
                                                        "AccountManagement",
                                                        "AgeVerification",
                                                        "CommercialPurpose",
                                                        "CommunicationManagement",
                                                        "CounterMoneyLaundering",
                                                        "Counterterrorism",
                                                        "CreditChecking",
                                                        "DisputeManagement",
                                                        "EnforceAccessControl",
                                                        "EnforceSecurity",
                                                        "EstablishContractualAgreement",
                                                        "FraudPreventionAndDetection",
                                                        "FulfilmentOfContractualObligation",
                                                        "FulfilmentOfObligation",
                                                        "HumanResourceManagement",
                                                        "IdentityAuthentication",
                                                        "IdentityVerification",
                                                        "ImproveHealthcare",
                                                        "ImprovePublicServices",
                                                        "LegalCompliance",
                                                        "MisusePreventionAndDetection",
                                                        "NonCommercialPurpose",
                                                        "OrganisationGovernance",
                                                        "PaymentManagement",
                                                        "PersonnelHiring",
                                                        "PersonnelManagement",
                                                        "ProtectionOfIPR",
                                                        "ProtectionOfNationalSecurity",
                                                        "ProtectionOfPublicSecurity",
                                                        "ProvideOfficialStatistics",
                                                        "PublicBenefit",
                                                        "PublicPolicyMaking",
                                                        "RecordManagement",
                                                        "RequestedServiceProvision",
                                                        "RightsFulfillment",
                                                        "ScientificResearch",
                                                        "ServiceProvision",
                                                        "ServiceRegistration",
                                                        "Verification"};

constexpr auto identity = mask_of(claim::name, claim::birth_date);
constexpr proof_mask both_proved = agency_proved | holder_proved;

// The agency whose framework this is; null for the nation's.
[[nodiscard]] const agency_text* speaker_of(const framework& text) {
    if (!text.base) return nullptr;
    return &the_example().agency(std::string_view{text.name}.substr(std::string_view{"vn/"}.size()));
}

// What holds above the agency that a framework speaks for.
[[nodiscard]] rule rule_above(const framework& text, const procedure_text& procedure) {
    const auto& name = speaker_of(text)->name;
    const auto slash = name.rfind('/');
    if (slash != std::string::npos) return the_example().rule_of(name.substr(0, slash), procedure.name);
    const auto& nation =
        *std::ranges::find_if(the_example().tree.frameworks(), [](const framework& f) { return !f.base; });
    return meet(procedure.asks.values, nation.valid.values);
}

[[nodiscard]] bool has(const rule& by, proof_mask proof) {
    return (by.proof & proof) != 0;
}

}  // namespace

TEST_CASE("the example has at least sixty procedures, each with its purpose, basis and names") {
    const auto& tree = the_example().tree;
    CHECK(tree.procedures().size() >= 60);
    CHECK(tree.procedures().size() == 97);  // docs/policy.md says so
    for (const auto* each : tree.procedures()) {
        CAPTURE(each->name);
        CHECK(each->purpose.starts_with("dpv:"));
        CHECK(std::ranges::count(dpv_purposes, std::string_view{each->purpose}.substr(4)) == 1);
        CHECK(each->law.size() > 20);
        CHECK(each->title.vi != each->title.en);
    }
}

TEST_CASE("the agencies of the nation are fifteen ministries and the 34 provinces of data/provinces-2025.csv") {
    std::map<std::uint16_t, std::string> titles;
    for (const auto* each : the_example().tree.agencies())
        if (each->parent.empty()) titles.emplace(each->number, each->title.vi);
    CHECK(titles.size() == 15 + 34);
    for (std::uint16_t number = 1; number <= 15; ++number) CHECK(titles.contains(number));

    std::ifstream provinces{std::string{XACTHUC_POLICY} + "/../provinces-2025.csv"};
    std::string line;
    std::getline(provinces, line);
    std::size_t count = 0;
    while (std::getline(provinces, line)) {
        CAPTURE(line);
        const auto name = line.substr(3, line.find(',', 3) - 3);
        const auto found = titles.find(static_cast<std::uint16_t>(100 + std::stoi(line.substr(0, 2))));
        REQUIRE(found != titles.end());
        CHECK(found->second.ends_with(' ' + name));
        ++count;
    }
    CHECK(count == 34);
}

TEST_CASE(
    "at least three ministries and three provinces tailor, one of them two levels deep, and whatever is stated "
    "narrows") {
    std::set<std::string> ministries;
    std::set<std::string> provinces;
    bool is_deep = false;
    std::size_t fields = 0;
    for (const auto& text : the_example().tree.frameworks()) {
        if (!text.base) continue;
        CAPTURE(text.name);
        const auto first = text.name.substr(3, text.name.find('/', 3) - 3);
        (the_example().agency(first).number < 100 ? ministries : provinces).insert(first);
        is_deep = is_deep || speaker_of(text)->name.find('/') != std::string::npos;
        CHECK_FALSE(text.tailorings.empty());
        for (const auto& each : text.tailorings) {
            CAPTURE(each.procedure);
            const auto& procedure = the_example().procedure(each.procedure);
            const auto above = rule_above(text, procedure);
            for (const auto field : all_rule_fields()) {
                if (!each.asks.states(field)) continue;
                CAPTURE(to_string(field));
                CHECK(narrower_in(field, each.asks.values, above));
                const bool is_same = with_field(above, field, each.asks.values) == above;
                CHECK_FALSE(is_same);
                ++fields;
            }
            const auto made = the_example().rule_of(speaker_of(text)->name, each.procedure);
            CHECK(made.delegate_depth == speaker_of(text)->delegate_depth);
        }
    }
    CHECK(ministries.size() >= 3);
    CHECK(provinces.size() >= 3);
    CHECK(is_deep);
    CHECK(fields >= 60);
}

TEST_CASE("what an agency may ask, those above it may ask too") {
    const auto& all = the_example();
    for (const auto* each : all.tree.agencies()) {
        const auto slash = each->name.rfind('/');
        if (slash == std::string::npos) continue;
        CAPTURE(each->name);
        for (const auto* procedure : all.tree.procedures()) {
            const auto& child = all.rule_of(each->name, procedure->name);
            const auto& parent = all.rule_of(each->name.substr(0, slash), procedure->name);
            CAPTURE(procedure->name);
            // What refuses everything has no other field that says anything.
            if (child.refusal == outcome::verified) CHECK(narrower(child, parent));
        }
    }
}

TEST_CASE("the nation's procedures are as careful as a regulator would have them") {
    for (const auto* each : the_example().tree.procedures()) {
        CAPTURE(each->name);
        const auto& asks = each->asks.values;
        CHECK(asks.misses_per_citizen_day >= 1);
        CHECK(asks.misses_per_citizen_day <= 5);
        CHECK(asks.per_day != no_limit);
        CHECK(asks.per_second != no_limit);
        CHECK(has(asks, agency_proved));
        CHECK(asks.must_ask != 0);
        // An old signature is one that somebody else may have kept.
        CHECK(has(asks, holder_proved) == (asks.proof_age_max_ms != no_limit));
        // Whole answers are for officers or for lists of many people, never for a business.
        const bool is_business = asks.consent == consent_basis::holder && asks.answer == answer_detail::per_claim;
        CHECK((!is_business || asks.officer_per_day != no_limit));
        // Without her signature a yes or no has to be about somebody whom the asker can name.
        if (!has(asks, holder_proved)) {
            CHECK(missing_claims(asks.must_ask, mask_of(claim::name)) == 0);
            CHECK((asks.must_ask & mask_of(claim::birth_date, claim::born_on_or_before)) != 0);
        }
        // A birth date and an age are the same question twice.
        CHECK((asks.may_ask & mask_of(claim::birth_date, claim::born_on_or_before)) !=
              mask_of(claim::birth_date, claim::born_on_or_before));
        if (each->purpose == "dpv:AgeVerification") {
            CHECK(asks.may_ask == mask_of(claim::born_on_or_before));
            CHECK(asks.answer == answer_detail::one_bit);
            CHECK(asks.consent == consent_basis::holder);
        }
    }
}

namespace {

struct decision {
    std::string_view agency;
    std::string_view procedure;
    claim_mask claims;
    proof_mask proofs;
    outcome told;
    std::uint16_t day = example_day;
};

constexpr std::uint16_t in_exam_season = 9'982;     // 2027-05-01
constexpr std::uint16_t before_the_nation = 9'496;  // 2025-12-31

// As a lawyer would check them by hand, with the files at hand.
constexpr std::array<decision, 33> decisions{{
    // Whoever has no power asks nothing.
    {"defence", "social-payment", identity, agency_proved, outcome::not_permitted},
    {"ha-noi", "passport-issue", identity, both_proved, outcome::not_permitted},
    {"state-bank", "hospital-admission", identity, agency_proved, outcome::not_permitted},
    {"state-bank/bank-b", "consumer-loan", identity, both_proved, outcome::not_permitted},
    {"da-nang/hoang-sa", "marriage-registration", identity, agency_proved, outcome::not_permitted},
    {"health/social-protection", "hospital-admission", identity, agency_proved, outcome::not_permitted},
    // A civil status officer.
    {"ca-mau", "birth-registration", identity, agency_proved, outcome::verified},
    {"ca-mau", "birth-registration", mask_of(claim::name), agency_proved, outcome::required_claim_missing},
    {"ca-mau", "birth-registration", mask_of(claim::name, claim::birth_date, claim::ward), agency_proved,
     outcome::claim_not_permitted},
    {"ca-mau", "birth-registration", identity, 0, outcome::proof_missing},
    {"ha-noi/hoan-kiem", "birth-registration", identity, agency_proved, outcome::verified},
    // A copy of a civil status entry: in Da Nang whoever sends for one signs.
    {"hue", "civil-status-extract", identity, agency_proved, outcome::verified},
    {"da-nang/justice", "civil-status-extract", identity, agency_proved, outcome::proof_missing},
    {"da-nang/justice", "civil-status-extract", identity, both_proved, outcome::verified},
    // The design of Da Nang's health department: less, yes or no, and by whom it is about.
    {"health", "social-payment", mask_of(claim::name, claim::birth_date, claim::life, claim::registration),
     agency_proved, outcome::verified},
    {"health/48", "social-payment", mask_of(claim::name, claim::birth_date, claim::life, claim::registration),
     both_proved, outcome::claim_not_permitted},
    {"health/48", "social-payment", mask_of(claim::name, claim::birth_date, claim::life), agency_proved,
     outcome::proof_missing},
    {"health/48", "social-payment", mask_of(claim::name, claim::birth_date, claim::life), both_proved,
     outcome::verified},
    // A hospital two levels below the ministry.
    {"defence", "hospital-admission", mask_of(claim::name, claim::birth_date, claim::sex), agency_proved,
     outcome::verified},
    {"health/48/da-nang-hospital", "hospital-admission", mask_of(claim::name, claim::birth_date, claim::sex),
     agency_proved, outcome::claim_not_permitted},
    {"health/48/da-nang-hospital", "hospital-admission", identity, agency_proved, outcome::verified},
    {"health/48/da-nang-hospital", "social-payment", identity, both_proved, outcome::not_permitted},
    // A bank: all three claims at once, with the customer's signature.
    {"state-bank/bank-a", "payment-account-opening", mask_of(claim::name, claim::birth_date, claim::document_valid_on),
     both_proved, outcome::verified},
    {"state-bank/bank-a", "payment-account-opening", identity, both_proved, outcome::required_claim_missing},
    {"state-bank/bank-a", "payment-account-opening", mask_of(claim::name, claim::birth_date, claim::document_valid_on),
     agency_proved, outcome::proof_missing},
    {"state-bank/bank-a", "payment-account-opening",
     mask_of(claim::name, claim::birth_date, claim::sex, claim::document_valid_on), both_proved,
     outcome::claim_not_permitted},
    // A seller of alcohol hears of an age, never of a name.
    {"industry-trade", "alcohol-age-check", mask_of(claim::born_on_or_before), both_proved, outcome::verified},
    {"industry-trade", "alcohol-age-check", mask_of(claim::name, claim::born_on_or_before), both_proved,
     outcome::claim_not_permitted},
    {"industry-trade", "alcohol-age-check", mask_of(claim::born_on_or_before), agency_proved, outcome::proof_missing},
    // An examination has its season, for the ministry and all below it, and no other.
    {"education/quality", "national-exam-registration", identity, agency_proved, outcome::policy_not_valid},
    {"education/quality", "national-exam-registration", identity, agency_proved, outcome::verified, in_exam_season},
    {"ha-noi/education", "national-exam-registration", identity, agency_proved, outcome::verified},
    // Before the nation's framework began.
    {"ca-mau", "birth-registration", identity, agency_proved, outcome::policy_not_valid, before_the_nation},
}};

}  // namespace

TEST_CASE("the example decides as a lawyer would") {
    for (const auto& each : decisions) {
        CAPTURE(each.agency);
        CAPTURE(each.procedure);
        CAPTURE(each.claims);
        CAPTURE(each.proofs);
        const auto& by = the_example().rule_of(each.agency, each.procedure);
        CHECK(to_string(permits(by, {.claims = each.claims, .proofs = each.proofs, .day = each.day})) ==
              to_string(each.told));
    }
}

TEST_CASE("numbers that nobody has are refused as such") {
    const auto& table = the_example().table;
    CHECK(table.of(65'000, 101).refusal == outcome::unknown_agency);
    CHECK(table.of(1, 65'000).refusal == outcome::unknown_procedure);
    CHECK(table.of(65'000, 65'000).refusal == outcome::unknown_agency);
}

TEST_CASE("levels, answers and limits are those of the narrowest framework") {
    const auto& all = the_example();
    const auto& passport = all.rule_of("public-security/immigration", "passport-issue");
    CHECK_FALSE(permits_level(passport, account_level::level_1));
    CHECK(permits_level(passport, account_level::level_2));
    CHECK(passport.proof_age_max_ms == 180'000);
    CHECK(all.rule_of("foreign-affairs", "passport-issue").proof_age_max_ms == 300'000);
    CHECK(permits_level(all.rule_of("hue", "unemployment-benefit"), account_level::unknown));
    CHECK_FALSE(permits_level(all.rule_of("home-affairs/employment", "unemployment-benefit"), account_level::unknown));

    const verdict wrong{outcome::claim_mismatch, 0, mask_of(claim::name), 0};
    CHECK(shown(wrong, all.rule_of("health/79", "hospital-admission").answer) ==
          verdict{outcome::not_verified, 0, 0, 0});
    CHECK(shown(wrong, all.rule_of("defence", "hospital-admission").answer) == wrong);

    CHECK(all.rule_of("health", "social-payment").per_day == 1'000'000);
    CHECK(all.rule_of("health/48", "social-payment").per_day == 40'000);
    CHECK(all.rule_of("health/48", "social-payment").misses_per_citizen_day == 3);  // the ministry's
    CHECK(all.rule_of("ca-mau", "social-payment").per_day == 2'000'000);            // the nation's
}
