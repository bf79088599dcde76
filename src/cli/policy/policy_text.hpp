// SPDX-License-Identifier: Apache-2.0
// Policies for people to read: what an agency may do and who decided it, and what changed between two policies.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <xacthuc/policy/policy_tree.hpp>

namespace xacthuc::cli {

enum class language { vi, en };

[[nodiscard]] std::string text_of(const explanation& of, language in);
[[nodiscard]] boost::json::object json_of(const explanation& of);

// What agencies lose or gain from one policy to another.
struct policy_changes {
    std::string text;          // a line a field that differs
    std::size_t pairs = 0;     // of agency and procedure, that differ
    std::size_t narrower = 0;  // of them, those in which nothing is wider
    std::size_t wider = 0;     // nothing is narrower
};
[[nodiscard]] policy_changes changes_between(const policy_tree& before, const policy_tree& now);

// The same policy in the language Cedar, a statement for each pair of agency and procedure.
[[nodiscard]] std::string cedar_of(const policy_tree& from);

}  // namespace xacthuc::cli
