// SPDX-License-Identifier: Apache-2.0
// Policies as programs are given them, single questions to them, and what is said of who decided it.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <xacthuc/policy/policy_source.hpp>
#include <xacthuc/policy/policy_text.hpp>

using namespace xacthuc;

namespace {

const std::filesystem::path example{XACTHUC_POLICY};
constexpr std::uint16_t in_2027 = policy_day_of(1'800'000'000'000);

[[nodiscard]] std::filesystem::path fresh_folder(const std::string& name) {
    const auto folder = std::filesystem::temp_directory_path() / ("xacthuc-policy-source-" + name);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

}  // namespace

TEST_CASE("frameworks and what is compiled of them decide alike") {
    const auto texts = load_policy({.path = example, .today = in_2027}).value();
    REQUIRE(texts.tree);
    const auto file = fresh_folder("compiled") / "policy.xtp";
    texts.table->save(file).value();
    const auto compiled = load_policy({.path = file}).value();
    CHECK_FALSE(compiled.tree);
    CHECK(compiled.table->hash() == texts.table->hash());
    const auto* const agency = texts.tree->find_agency("education");
    const auto* const procedure = texts.tree->find_procedure("101");
    REQUIRE(procedure != nullptr);
    REQUIRE(agency != nullptr);
    const policy_question asked{.agency = agency->number, .procedure = procedure->number, .day = in_2027};
    CHECK(decide(*compiled.table, asked) == decide(*texts.table, asked));
    CHECK(decide(*compiled.table, {.agency = 65'000}) == outcome::unknown_agency);
}

TEST_CASE("a level that is too low is told when nothing else is wrong") {
    const auto policy = load_policy({.path = example, .today = in_2027}).value();
    std::size_t found = 0;
    for (const auto& agency : policy.table->agencies()) {
        for (const auto& procedure : policy.table->procedures()) {
            const auto& by = policy.table->of(agency.number, procedure.number);
            if (by.refusal != outcome::verified || by.account_level_at_least <= account_level::none) continue;
            policy_question asked{.agency = agency.number,
                                  .procedure = procedure.number,
                                  .claims = by.must_ask,
                                  .proofs = agency_proved | holder_proved,
                                  .level = account_level::level_2,
                                  .day = std::max(by.valid_from, in_2027)};
            CHECK(decide(*policy.table, asked) == outcome::verified);
            asked.level = account_level::none;
            CHECK(decide(*policy.table, asked) == outcome::account_level_too_low);
            ++found;
        }
    }
    CHECK(found > 0);
}

TEST_CASE("every fault is told, a line each") {
    const auto folder = fresh_folder("faults");
    std::ofstream{folder / "vn.toml"} << "framework = \"vn\"\nversion = 1\nnonsense = 1\nmore = 2\n";
    const auto refused = load_policy({.path = folder});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::framework_faults);
    CHECK(refused.error().context.find("vn.toml:3: ") != std::string::npos);
    CHECK(refused.error().context.find("vn.toml:4: ") != std::string::npos);
    CHECK(load_policy({.path = folder / "none.xtp"}).error().code == errc::not_found);
    CHECK(load_policy({.path = folder / "none"}).error().code == errc::framework_faults);
}

TEST_CASE("unsigned frameworks are refused where a root is given") {
    const auto root = note_verifier::make("root", {}).value();
    const auto refused = load_policy({.path = example, .root = root, .today = in_2027});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::framework_faults);
}

TEST_CASE("what was decided is explained in both languages, where there is something to explain") {
    const auto policy = load_policy({.path = example, .today = in_2027}).value();
    const auto made = explain(policy, "health/48", "101").value();
    const auto vi = explanation_text(made, *parse_language("vi"));
    const auto en = explanation_text(made, *parse_language("en"));
    CHECK(vi.find("Đăng ký khai sinh") != std::string::npos);
    CHECK(en.find("Birth registration") != std::string::npos);
    CHECK_FALSE(parse_language("fr"));
    CHECK(explain(policy, "nobody", "101").error().code == errc::not_in_policy);
    CHECK(explain(policy, "health", "nothing").error().code == errc::not_in_policy);
    const auto cedar = cedar_text(*policy.tree);
    CHECK(cedar.find("permit(principal == Agency::\"") != std::string::npos);
    // Cedar takes no other type for an action.
    CHECK(cedar.find(", action == Action::\"") != std::string::npos);
    CHECK(cedar.find("context.claims.containsAny([\"name\", \"name_exact\"])") != std::string::npos);
}
