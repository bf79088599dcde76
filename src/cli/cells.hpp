// SPDX-License-Identifier: Apache-2.0
// The texts of cells that the domain has no parser for: codes, yes or no, the expiry of a card.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::cli {

// Decimal digits; empty text is 0. Errors: `otherwise`.
[[nodiscard]] inline result<std::uint32_t> parse_code(std::string_view text, std::uint32_t value_max, errc otherwise) {
    std::uint32_t value = 0;
    if (text.empty()) return value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > value_max) return otherwise;
    return value;
}

// A two-digit code of residence that exists. Errors: province_unknown.
[[nodiscard]] result<std::uint32_t> parse_province(std::string_view text);

// 1, 0, true, false, yes, no, có, không; empty text is no. Errors: status_word.
[[nodiscard]] result<bool> parse_yes_no(std::string_view text);

// Whether the text says that a card has no expiry: "lifelong", or "Không thời hạn" as cards have it.
[[nodiscard]] bool says_lifelong(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace xacthuc::cli
