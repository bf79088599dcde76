// SPDX-License-Identifier: Apache-2.0
// Frameworks that are valid on no day, as a slip of the pen makes them, are refused with line and values.
#include <string>

#include "unit/policy/example_policy.hpp"

using namespace xacthuc;
using namespace xacthuc::test;

namespace {

// What is said of the example after this change in one of its frameworks; hashes of parents are mended.
[[nodiscard]] std::string said_of(std::string_view name, const std::string& what, const std::string& by) {
    auto frameworks = example_frameworks();
    for (auto& each : frameworks) {
        if (each.name != name) continue;
        auto text = toml_of(each);
        const auto at = text.find(what);
        REQUIRE(at != std::string::npos);
        each = parse_framework(text.replace(at, what.size(), by), std::string{name}).value();
    }
    for (auto& each : frameworks)
        for (const auto& base : frameworks)
            if (each.base && each.base->framework == base.name) each.base->sha256 = base.sha256;
    const auto linked = policy_tree::link(std::move(frameworks), {.today = example_day});
    if (!linked.has_error()) return "nothing";
    std::string all;
    for (const auto& each : linked.error()) all += each.message() + '\n';
    return all;
}

}  // namespace

TEST_CASE("a procedure or a framework that is valid on no day is a fault") {
    CHECK(said_of("vn/education", "valid = { from = 2027-04-01, to = 2027-07-31 }", "valid = { to = 2025-07-31 }")
              .find("procedure \"national-exam-registration\": valid on no day: from 2026-01-01 to 2025-07-31") !=
          std::string::npos);
    CHECK(said_of("vn/an-giang", "version = 1\n", "version = 1\nvalid = { to = 2025-12-31 }\n") ==
          "vn/an-giang:5: \"vn/an-giang\" is valid on no day: from 2026-01-01 to 2025-12-31\n");
    // The other way round, and it is well.
    CHECK(said_of("vn/an-giang", "version = 1\n", "version = 1\nvalid = { to = 2026-01-01 }\n") == "nothing");
}
