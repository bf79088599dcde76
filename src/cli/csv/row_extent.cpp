// SPDX-License-Identifier: Apache-2.0
#include "cli/csv/row_extent.hpp"

namespace xacthuc::cli::csv {
namespace {

constexpr auto nowhere = std::string_view::npos;

[[nodiscard]] bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

[[nodiscard]] std::size_t skip_blanks(std::string_view text, std::size_t at) noexcept {
    while (at < text.size() && is_blank(text[at])) ++at;
    return at;
}

// After the opening quote: where the field's closing quote is, doubled ones skipped.
[[nodiscard]] std::size_t closing_quote(std::string_view text, std::size_t at) noexcept {
    for (;;) {
        at = text.find('"', at);
        if (at == nowhere || at + 1 == text.size() || text[at + 1] != '"') return at;
        at += 2;
    }
}

enum class step : std::uint8_t { next_field, row_ends, text_ends, bad };

// Passes one field that starts at `at`, and what ends it.
[[nodiscard]] step pass_field(std::string_view text, char delimiter, std::size_t& at) noexcept {
    at = skip_blanks(text, at);
    if (at < text.size() && text[at] == '"') {
        at = closing_quote(text, at + 1);
        if (at == nowhere || at + 1 == text.size()) return step::text_ends;
        at = skip_blanks(text, at + 1);
        if (at < text.size() && text[at] == '\r') ++at;
    } else {
        while (at < text.size() && text[at] != delimiter && text[at] != '\n') ++at;
    }
    if (at == text.size()) return step::text_ends;
    const char end = text[at++];
    if (end == '\n') return step::row_ends;
    return end == delimiter ? step::next_field : step::bad;
}

// A row that has quotes in its first line.
[[nodiscard]] row_extent first_quoted_row(std::string_view text, char delimiter, std::size_t line_bytes) noexcept {
    const bool limited = text.size() > row_bytes_max;
    const auto within = text.substr(0, row_bytes_max);
    std::size_t at = 0;
    step last = step::next_field;
    while (last == step::next_field) last = pass_field(within, delimiter, at);
    if (last == step::row_ends) return {at, row_shape::sound, line_feeds(text.substr(0, at))};
    if (last == step::text_ends && !limited) return {0, row_shape::unfinished};
    if (line_bytes == 0) return {0, row_shape::unfinished};
    return {line_bytes, line_bytes > row_bytes_max ? row_shape::too_long : row_shape::bad_quotes};
}

}  // namespace

row_extent first_row(std::string_view text, char delimiter) noexcept {
    const auto feed = text.find('\n');
    const auto line = text.substr(0, feed);
    const std::size_t line_bytes = feed == nowhere ? 0 : feed + 1;
    if (line.find('"') != nowhere) return first_quoted_row(text, delimiter, line_bytes);
    if (line_bytes == 0) return {0, row_shape::unfinished};
    return {line_bytes, line_bytes > row_bytes_max ? row_shape::too_long : row_shape::sound};
}

std::size_t line_feeds(std::string_view text) noexcept {
    std::size_t count = 0;
    for (auto at = text.find('\n'); at != nowhere; at = text.find('\n', at + 1)) ++count;
    return count;
}

std::size_t whole_rows_bytes(std::string_view text, char delimiter) noexcept {
    if (text.find('"') == nowhere) {
        const auto feed = text.rfind('\n');
        return feed == nowhere ? 0 : feed + 1;
    }
    std::size_t at = 0;
    for (;;) {
        const auto row = first_row(text.substr(at), delimiter);
        if (row.shape == row_shape::unfinished) return at;
        at += row.size_bytes;
    }
}

}  // namespace xacthuc::cli::csv
