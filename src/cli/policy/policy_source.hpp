// SPDX-License-Identifier: Apache-2.0
// Policies as commands take them: a folder of frameworks, one framework, or a compiled policy.
#pragma once

#include <memory>
#include <string>
#include <xacthuc/policy/policy_table.hpp>
#include <xacthuc/policy/policy_tree.hpp>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {

struct policy_source {
    std::string path;
    std::string root;   // a verifier key; empty: frameworks need not be signed
    std::string today;  // a day; empty: today
};

// Faults are told on standard error, one a line, before this throws command_error.
[[nodiscard]] policy_tree link_policy(const policy_source& from);
// The same compiled, or a compiled policy from its file.
[[nodiscard]] std::shared_ptr<const policy_table> load_policy(const policy_source& from);
// The day of an option, or of the clock. Throws command_error.
[[nodiscard]] std::uint16_t policy_day(const std::string& text);

}  // namespace xacthuc::cli
