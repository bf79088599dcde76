// SPDX-License-Identifier: Apache-2.0
// What notes have in base64 is public, so its characters may be looked up in tables.
#include "note/base64.hpp"

#include <algorithm>
#include <array>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static_assert(base64_digits.size() == 64);
constexpr std::uint8_t no_digit = 0xff;

constexpr auto digit_values = [] {
    std::array<std::uint8_t, 256> all{};
    all.fill(no_digit);
    for (std::size_t k = 0; k < base64_digits.size(); ++k)
        all[static_cast<std::uint8_t>(base64_digits[k])] = static_cast<std::uint8_t>(k);
    return all;
}();

}  // namespace

std::string base64_of(std::span<const std::byte> bytes) {
    std::string text((bytes.size() + 2) / 3 * 4, '=');
    auto to = text.begin();
    for (std::size_t from = 0; from < bytes.size(); from += 3) {
        const auto count = std::min<std::size_t>(3, bytes.size() - from);
        std::uint32_t word = 0;
        for (std::size_t k = 0; k < count; ++k) word |= std::to_integer<std::uint32_t>(bytes[from + k]) << (16 - 8 * k);
        for (std::size_t k = 0; k <= count; ++k)
            to[static_cast<std::ptrdiff_t>(k)] = base64_digits[word >> (18 - 6 * k) & 63];
        to += 4;
    }
    return text;
}

std::optional<std::vector<std::byte>> bytes_of_base64(std::string_view base64) {
    if (base64.size() % 4 != 0) return std::nullopt;
    std::size_t missing = 0;
    while (missing < 2 && base64.ends_with('=')) {
        base64.remove_suffix(1);
        ++missing;
    }
    std::vector<std::byte> bytes(base64.size() * 3 / 4);
    std::size_t made = 0;
    for (std::size_t from = 0; from < base64.size(); from += 4) {
        const auto count = std::min<std::size_t>(4, base64.size() - from);
        std::uint32_t word = 0;
        for (std::size_t k = 0; k < count; ++k) {
            const auto value = digit_values[static_cast<std::uint8_t>(base64[from + k])];
            if (value == no_digit) return std::nullopt;
            word |= std::uint32_t{value} << (18 - 6 * k);
        }
        for (std::size_t k = 0; k + 1 < count; ++k) bytes[made++] = static_cast<std::byte>(word >> (16 - 8 * k));
        // What the last digit has beyond the last byte says nothing, so it is written as zeros.
        if (count < 4 && (word & (0xff'ffffU >> 8 * (count - 1))) != 0) return std::nullopt;
    }
    return bytes;
}

}  // namespace xacthuc::inline v0_1
