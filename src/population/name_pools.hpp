// SPDX-License-Identifier: Apache-2.0
// The words that names are made of: family names by their shares, middle and given names by sex and generation, and the
// names of minorities in their own patterns. Earlier entries of a pool are drawn more often.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace xacthuc::inline v0_1::name_pools {

using pool = std::span<const std::string_view>;

struct weighted_name {
    std::string_view name;
    std::uint32_t per_thousand;
};

enum class generation : std::uint8_t { old = 0, middle = 1, young = 2 };  // born before 1965, before 1995, since

// Source: data/family-names.csv, which leaves the share of all other names open.
[[nodiscard]] std::span<const weighted_name> common_family_names() noexcept;
[[nodiscard]] pool other_family_names() noexcept;
[[nodiscard]] pool middle_names(bool female, generation born) noexcept;
[[nodiscard]] pool given_names(bool female, generation born) noexcept;

// One people's pattern: before, given name and family name in the people's order.
struct minority_pattern {
    std::string_view people;
    pool family;  // empty where there are no family names
    bool family_first;
    pool male_prefix;  // words between or before, "" for none
    pool female_prefix;
    pool male_given;
    pool female_given;
};
[[nodiscard]] std::span<const minority_pattern> minority_patterns() noexcept;

}  // namespace xacthuc::inline v0_1::name_pools
