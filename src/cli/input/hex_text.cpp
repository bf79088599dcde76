// SPDX-License-Identifier: Apache-2.0
#include "cli/input/hex_text.hpp"

#include <array>

namespace xacthuc::cli {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> digit_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::uint8_t i = 0; i < 16; ++i) {
        const auto digit = static_cast<unsigned char>(hex_digits[i]);
        values.at(digit) = i;
        if (i >= 10) values.at(static_cast<std::size_t>(digit - 'a' + 'A')) = i;
    }
    return values;
}();

}  // namespace

void append_hex(std::string& to, std::span<const std::byte> bytes) {
    for (const auto each : bytes) {
        const auto byte = std::to_integer<unsigned>(each);
        to += hex_digits[byte >> 4];
        to += hex_digits[byte & 15];
    }
}

bool parse_hex(std::string_view digits, std::span<std::byte> into) noexcept {
    unsigned wrong = 0;
    for (std::size_t i = 0; i < into.size(); ++i) {
        const auto high = digit_values[static_cast<unsigned char>(digits[2 * i])];
        const auto low = digit_values[static_cast<unsigned char>(digits[2 * i + 1])];
        wrong |= (high | low) & 0xf0U;
        into[i] = static_cast<std::byte>((high << 4) | low);
    }
    return wrong == 0;
}

bool parse_hex(std::string_view digits, std::vector<std::byte>& into) {
    if (digits.size() % 2 != 0) return false;
    const auto before = into.size();
    into.resize(before + digits.size() / 2);
    if (parse_hex(digits, std::span{into}.subspan(before))) return true;
    into.resize(before);
    return false;
}

}  // namespace xacthuc::cli
