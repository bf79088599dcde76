// SPDX-License-Identifier: Apache-2.0
// Hashes and numbers as the texts of logs write them: base64, and decimal without leading zeros. And lines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/ledger/merkle_tree.hpp>

namespace xacthuc::inline v0_1 {

[[nodiscard]] std::string base64_of_hash(const tree_hash& hash);
[[nodiscard]] std::optional<tree_hash> hash_of_base64(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> number_of_decimal(std::string_view text) noexcept;

// Takes the first line off, without its line feed; nothing when no line feed is left.
[[nodiscard]] std::optional<std::string_view> take_line(std::string_view& text) noexcept;

}  // namespace xacthuc::inline v0_1
