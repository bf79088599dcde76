// SPDX-License-Identifier: Apache-2.0
// Bytes as hexadecimal digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc::cli {

// Lower case, two digits a byte.
void append_hex(std::string& to, std::span<const std::byte> bytes);

// Two digits of either case a byte and nothing else. Returns whether the text is that; `into` is then filled.
// Requires of the first: digits.size() == 2 * into.size().
[[nodiscard]] bool parse_hex(std::string_view digits, std::span<std::byte> into) noexcept;
// Appends to `into`, which is as it was where the text is no bytes.
[[nodiscard]] bool parse_hex(std::string_view digits, std::vector<std::byte>& into);

}  // namespace xacthuc::cli
