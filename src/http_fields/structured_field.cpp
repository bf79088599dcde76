// SPDX-License-Identifier: Apache-2.0
#include "http_fields/structured_field.hpp"

#include <algorithm>
#include <charconv>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::size_t integer_digits_max = 15;

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool begins_key(char c) noexcept {
    return (c >= 'a' && c <= 'z') || c == '*';
}
[[nodiscard]] constexpr bool is_of_key(char c) noexcept {
    return begins_key(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

}  // namespace

bool field_cursor::take(char wanted) noexcept {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
}

void field_cursor::skip_blanks() noexcept {
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
}

bool field_cursor::take_comma() noexcept {
    const auto skip = [this] {
        while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
    };
    skip();
    if (!take(',')) return false;
    skip();
    return true;
}

std::optional<std::string_view> field_cursor::take_key() noexcept {
    if (rest_.empty() || !begins_key(rest_.front())) return std::nullopt;
    const auto end = std::ranges::find_if_not(rest_, is_of_key);
    const auto key = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(key.size());
    return key;
}

std::optional<std::string_view> field_cursor::take_text() noexcept {
    if (!take('"')) return std::nullopt;
    for (std::size_t k = 0; k < rest_.size(); ++k) {
        const char c = rest_[k];
        if (c == '"') {
            const auto text = rest_.substr(0, k);
            rest_.remove_prefix(k + 1);
            return text;
        }
        if (c < ' ' || c > '~') return std::nullopt;
        if (c != '\\') continue;
        ++k;
        if (k == rest_.size() || (rest_[k] != '"' && rest_[k] != '\\')) return std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::int64_t> field_cursor::take_integer() noexcept {
    const bool is_negative = take('-');
    const auto end = std::ranges::find_if_not(rest_, is_digit);
    const auto digits = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    if (digits.empty() || digits.size() > integer_digits_max) return std::nullopt;
    std::int64_t value = 0;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), value);
    rest_.remove_prefix(digits.size());
    if (rest_.starts_with('.')) return std::nullopt;
    return is_negative ? -value : value;
}

std::optional<std::string_view> field_cursor::take_base64() noexcept {
    if (!take(':')) return std::nullopt;
    const auto end = rest_.find(':');
    if (end == std::string_view::npos) return std::nullopt;
    const auto digits = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return digits;
}

}  // namespace xacthuc::inline v0_1
