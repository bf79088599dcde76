// SPDX-License-Identifier: Apache-2.0
// The texts of cells that the domain does not look into.
#pragma once

#include <string_view>

namespace xacthuc::inline v0_1::csv {

// What the cells of a citizen's and of a request's columns may say, for --help.
namespace meanings {
inline constexpr std::string_view sex = "male, female, other; nam, nữ, khác; m, f, x";
inline constexpr std::string_view life = "alive, deceased, missing";
inline constexpr std::string_view registration = "active, suspended, cancelled";
inline constexpr std::string_view account_level = "none, level_1, level_2";
inline constexpr std::string_view account = "active, locked, revoked";
inline constexpr std::string_view document = "none, valid, lost, damaged, replaced, revoked, held";
inline constexpr std::string_view province = "two-digit code of residence since 2025-07-01";
inline constexpr std::string_view ward = "five-digit code of residence";
}  // namespace meanings

// What the text of a reference must be.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace xacthuc::inline v0_1::csv
