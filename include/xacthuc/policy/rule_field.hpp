// SPDX-License-Identifier: Apache-2.0
// The fields of a rule one by one, as framework files name them: for whoever reads, compares or explains rules.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/policy/rule.hpp>

namespace xacthuc::inline v0_1 {

enum class rule_field : std::uint8_t {
    may_ask = 0,
    must_ask,
    valid_from,
    valid_to,
    proof,
    answer,
    account_level_at_least,
    consent,
    delegate_depth,
    misses_per_citizen_day,
    per_second,
    per_day,
    officer_per_day,
    proof_age_max,
};
inline constexpr std::size_t rule_field_count = 14;

[[nodiscard]] constexpr std::array<rule_field, rule_field_count> all_rule_fields() noexcept {
    std::array<rule_field, rule_field_count> all{};
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<rule_field>(i);
    return all;
}

// "may_ask", "valid.from", "quota.per_day", …: the key in a framework file.
[[nodiscard]] XACTHUC_API std::string_view to_string(rule_field field) noexcept;
// The value of a field as a framework file has it: ["name", "life"], "one_bit", 2027-01-01, 500; "no limit" where there
// is none, and "always" for a day that does not limit.
[[nodiscard]] XACTHUC_API std::string text_of(const rule& of, rule_field field);
// `to` with this field of `from`.
// Complexity: constant.
[[nodiscard]] XACTHUC_API rule with_field(rule to, rule_field field, const rule& from) noexcept;
// Whether the child's field is the parent's or narrower.
// Complexity: constant.
[[nodiscard]] XACTHUC_API bool narrower_in(rule_field field, const rule& child, const rule& parent) noexcept;

// "2027-01-01": the day that a rule holds.
[[nodiscard]] XACTHUC_API std::string policy_day_text(std::uint16_t day);

}  // namespace xacthuc::inline v0_1
