// SPDX-License-Identifier: Apache-2.0
// Policies as text: what an agency may do and who decided it, for people to read; and the whole in the language Cedar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/policy/policy_tree.hpp>

namespace xacthuc::inline v0_1 {

enum class text_language : std::uint8_t { vi, en };
// Of "vi" or "en".
[[nodiscard]] XACTHUC_API std::optional<text_language> parse_language(std::string_view word) noexcept;

// A line for each thing that is known, with the file and line that decided it.
[[nodiscard]] XACTHUC_API std::string explanation_text(const explanation& of, text_language in);

// The same policy in Cedar, a statement for each pair of agency and procedure. The principal is the agency, the action
// the procedure, both by number; the context has the claims and proofs by name, the day and the account level as
// numbers.
// Actions are of the type Action, as Cedar wants it.
// Source: docs.cedarpolicy.com
[[nodiscard]] XACTHUC_API std::string cedar_text(const policy_tree& from);

}  // namespace xacthuc::inline v0_1
