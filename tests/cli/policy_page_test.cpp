// SPDX-License-Identifier: Apache-2.0
// docs/policy.md: each of its shell examples runs, one after the other, and prints what the page shows.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/command.hpp"

using namespace xacthuc_test;

namespace {

struct example {
    std::string commands;
    std::string prints;  // empty where the page shows nothing
};

// Blocks of sh, each with the block of text that comes next, but for blank lines.
[[nodiscard]] std::vector<example> examples_of(const std::string& page) {
    std::vector<example> all;
    std::string* into = nullptr;
    bool is_next = false;
    for (const auto& line : lines_of(page)) {
        if (into != nullptr) {
            if (line == "```") {
                is_next = into == &all.back().commands;
                into = nullptr;
            } else {
                *into += line + '\n';
            }
        } else if (line == "```sh") {
            into = &all.emplace_back().commands;
        } else if (line == "```text" && is_next) {
            into = &all.back().prints;
        } else if (!line.empty()) {
            is_next = false;
        }
    }
    return all;
}

}  // namespace

TEST_CASE("the examples of the page about policy run as they stand") {
    const workplace folder;
    std::filesystem::create_directories(folder / "data");
    std::filesystem::copy(XACTHUC_POLICY, folder / "data/policy", std::filesystem::copy_options::recursive);
    const auto all = examples_of(content_of(XACTHUC_DOCS "/policy.md"));
    CHECK(all.size() >= 5);
    for (const auto& each : all) {
        CAPTURE(each.commands);
        const auto run = folder.shell("set -e; " + each.commands + "true");
        CHECK(run.code == 0);
        if (!each.prints.empty()) CHECK(run.out + run.err == each.prints);
    }
}
