// SPDX-License-Identifier: Apache-2.0
// Policies as commands take them on the command line.
#pragma once

#include <cstdint>
#include <string>
#include <xacthuc/policy/policy_source.hpp>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {

struct policy_place {
    std::string path;   // as policy_source has it
    std::string root;   // a verifier key; empty: frameworks need not be signed
    std::string today;  // a day; empty: today
};

// Faults are told on standard error, one a line, before this throws command_error.
[[nodiscard]] loaded_policy open_policy(const policy_place& from);
// The same where only frameworks will do. Throws command_error for a compiled policy.
[[nodiscard]] loaded_policy open_frameworks(const policy_place& from);
// The day of an option, or of the clock. Throws command_error.
[[nodiscard]] std::uint16_t policy_day(const std::string& text);

}  // namespace xacthuc::cli
