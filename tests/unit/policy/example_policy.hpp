// SPDX-License-Identifier: Apache-2.0
// data/policy, the example of a national policy, read and put together for tests.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/policy/framework.hpp>
#include <xacthuc/policy/policy_table.hpp>
#include <xacthuc/policy/policy_tree.hpp>

namespace xacthuc::test {

// 2026-12-01, a day on which the example holds.
inline constexpr std::uint16_t example_day = 9'831;

struct example_policy {
    policy_tree tree;
    policy_table table;

    [[nodiscard]] const agency_text& agency(std::string_view name) const {
        const auto* const found = tree.find_agency(name);
        if (found == nullptr) throw std::invalid_argument{"no agency " + std::string{name}};
        return *found;
    }
    [[nodiscard]] const procedure_text& procedure(std::string_view name) const {
        const auto* const found = tree.find_procedure(name);
        if (found == nullptr) throw std::invalid_argument{"no procedure " + std::string{name}};
        return *found;
    }
    [[nodiscard]] const rule& rule_of(std::string_view agency_name, std::string_view procedure_name) const {
        return table.of(agency(agency_name).number, procedure(procedure_name).number);
    }
};

[[nodiscard]] inline std::vector<framework> example_frameworks() {
    return load_frameworks(XACTHUC_POLICY).value();
}

// The text that a framework was read from.
[[nodiscard]] inline std::string toml_of(const framework& of) {
    std::ostringstream text;
    text << std::ifstream{of.file, std::ios::binary}.rdbuf();
    return std::move(text).str();
}

[[nodiscard]] inline const example_policy& the_example() {
    static const auto made = [] {
        auto tree = policy_tree::link(example_frameworks(), {.today = example_day}).value();
        auto table = policy_table::compile(tree).value();
        return example_policy{std::move(tree), std::move(table)};
    }();
    return made;
}

}  // namespace xacthuc::test
