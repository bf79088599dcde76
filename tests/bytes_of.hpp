// SPDX-License-Identifier: Apache-2.0
// Bytes written as numbers and characters, and as hexadecimal digits.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc {

// Such an array that begins with these bytes; the others are 0.
template <class Array>
[[nodiscard]] constexpr Array bytes_of(std::initializer_list<int> numbers) {
    Array bytes{};
    std::size_t filled = 0;
    for (const auto each : numbers) bytes.at(filled++) = static_cast<std::byte>(each);
    return bytes;
}

// Requires an even number of lower-case hexadecimal digits.
[[nodiscard]] inline std::vector<std::byte> bytes_of_hex(std::string_view digits) {
    const auto value_of = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes.push_back(static_cast<std::byte>(16 * value_of(digits[i]) + value_of(digits[i + 1])));
    return bytes;
}

// In lower case.
template <class Bytes>
[[nodiscard]] std::string hex_of_bytes(const Bytes& bytes) {
    std::string text;
    for (const std::byte each : bytes) {
        text += "0123456789abcdef"[std::to_integer<unsigned>(each) >> 4];
        text += "0123456789abcdef"[std::to_integer<unsigned>(each) & 15];
    }
    return text;
}

}  // namespace xacthuc
