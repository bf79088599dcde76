// SPDX-License-Identifier: Apache-2.0
// Bytes from the hexadecimal digits of published vectors.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace xacthuc {

// Requires an even number of lower-case hexadecimal digits.
inline std::vector<std::uint8_t> bytes_of_hex(std::string_view digits) {
    const auto value_of = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(16 * value_of(digits[i]) + value_of(digits[i + 1])));
    }
    return bytes;
}

}  // namespace xacthuc
