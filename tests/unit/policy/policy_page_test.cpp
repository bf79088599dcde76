// SPDX-License-Identifier: Apache-2.0
// docs/policy.md: what it shows of data/policy stands there, and the error that it shows is what is said.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "unit/policy/example_policy.hpp"

using namespace xacthuc;
using namespace xacthuc::test;

namespace {

[[nodiscard]] std::string text_of_file(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

// The blocks of code of a language.
[[nodiscard]] std::vector<std::string> blocks_of(const std::string& page, const std::string& language) {
    std::vector<std::string> blocks;
    const auto mark = "\n```" + language + '\n';
    for (auto at = page.find(mark); at != std::string::npos; at = page.find(mark, at)) {
        at += mark.size();
        blocks.push_back(page.substr(at, page.find("\n```", at) + 1 - at));
    }
    return blocks;
}

// Whether a file of the example has this paragraph, line by line.
[[nodiscard]] bool stands_in_example(const std::string& paragraph) {
    for (const auto& each : std::filesystem::recursive_directory_iterator{XACTHUC_POLICY})
        if (each.is_regular_file() && text_of_file(each.path()).find('\n' + paragraph) != std::string::npos)
            return true;
    return false;
}

[[nodiscard]] std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("each paragraph of a framework on the page is the example's") {
    const auto blocks = blocks_of(text_of_file(XACTHUC_DOCS "/policy.md"), "toml");
    CHECK(blocks.size() >= 4);
    for (const auto& block : blocks) {
        for (std::size_t at = 0; at < block.size();) {
            const auto end = std::min(block.find("\n\n", at), block.size() - 1);
            const auto paragraph = block.substr(at, end + 1 - at);
            at = end + 2;
            CAPTURE(paragraph);
            // The head of a framework has a hash that changes with every word of its parent.
            if (paragraph.find("sha256 = \"...\"") == std::string::npos) CHECK(stands_in_example(paragraph));
        }
    }
}

TEST_CASE("the error on the page is what is said of that change") {
    const auto blocks = blocks_of(text_of_file(XACTHUC_DOCS "/policy.md"), "text");
    REQUIRE_FALSE(blocks.empty());
    auto frameworks = example_frameworks();
    for (auto& each : frameworks) {
        const auto file = "data/policy/" + each.name + ".toml";
        auto text = toml_of(each);
        if (each.name == "vn/health/48") text = replaced(text, "quota.per_day = 40_000", "quota.per_day = 2_000_000");
        each = parse_framework(text, file).value();
    }
    const auto linked = policy_tree::link(std::move(frameworks), {.today = example_day});
    REQUIRE(linked.has_error());
    REQUIRE(linked.error().size() == 1);
    CHECK(linked.error().front().message() + '\n' == blocks.front());
}
