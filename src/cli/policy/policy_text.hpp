// SPDX-License-Identifier: Apache-2.0
// Policies for programs and people to read: an explanation as JSON, and what changed between two policies.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <xacthuc/policy/policy_tree.hpp>

namespace xacthuc::cli {

[[nodiscard]] boost::json::object json_of(const explanation& of);

// What agencies lose or gain from one policy to another.
struct policy_changes {
    std::string text;          // a line a field that differs
    std::size_t pairs = 0;     // of agency and procedure, that differ
    std::size_t narrower = 0;  // of them, those in which nothing is wider
    std::size_t wider = 0;     // nothing is narrower
};
[[nodiscard]] policy_changes changes_between(const policy_tree& before, const policy_tree& now);

}  // namespace xacthuc::cli
