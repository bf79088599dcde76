// SPDX-License-Identifier: Apache-2.0
// A policy of one agency and one procedure, of which a case says the rest.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>
#include <xacthuc/policy/framework.hpp>
#include <xacthuc/policy/policy_table.hpp>
#include <xacthuc/policy/policy_tree.hpp>

namespace xacthuc::tests {

[[nodiscard]] inline std::shared_ptr<const policy_table> one_rule(const std::string& fields, std::uint16_t asker) {
    std::vector<framework> all{
        parse_framework(
            "framework = \"vn\"\nversion = 1\n[procedure.p]\nnumber = 1\ntitle = { vi = \"a\", en = \"b\" }\n"
            "purpose = \"x\"\nlaw = \"y\"\n" +
                fields + "[agency.a]\nnumber = " + std::to_string(asker) +
                "\ntitle = { vi = \"a\", en = \"b\" }\nmay = [\"p\"]\n",
            "vn.toml")
            .value()};
    return std::make_shared<const policy_table>(
        policy_table::compile(policy_tree::link(std::move(all)).value()).value());
}

}  // namespace xacthuc::tests
