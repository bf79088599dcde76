// SPDX-License-Identifier: Apache-2.0
// Base64 as notes have it: RFC 4648, section 4, with padding, and one way to write each value.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc::inline v0_1 {

[[nodiscard]] std::string base64_of(std::span<const std::byte> bytes);
// Nothing when it is not base64, or when something else writes the same bytes.
[[nodiscard]] std::optional<std::vector<std::byte>> bytes_of_base64(std::string_view base64);

}  // namespace xacthuc::inline v0_1
