// SPDX-License-Identifier: Apache-2.0
#include "columns/csv/row_extent.hpp"

#include <algorithm>

namespace xacthuc::inline v0_1::csv {
namespace {

constexpr auto nowhere = std::string_view::npos;

}  // namespace

// One byte at the edge of a field; the stretches within fields are passed by feed().
void row_scanner::pass(char c) noexcept {
    if (at_ == place::field_begin) {
        if (is_blank(c)) return;
        at_ = c == '"' ? place::quoted : place::unquoted;
        if (c == '"') return;
    } else if (at_ == place::quote_seen) {
        at_ = c == '"' ? place::quoted : place::after_quotes;
        if (c == '"') return;
    }
    if (c == '\n') {
        ended_ = true;
    } else if (c == delimiter_) {
        at_ = place::field_begin;
    } else if (at_ == place::after_quotes && c == '\r') {
        at_ = place::return_seen;
    } else if (at_ != place::unquoted && !(at_ == place::after_quotes && is_blank(c))) {
        bad_quotes_ = true;
        at_ = place::unquoted;
    }
}

std::size_t row_scanner::feed(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        if (at_ == place::quoted) {
            at = text.find('"', at);
            if (at == nowhere) return nowhere;
            at_ = place::quote_seen;
            ++at;
            continue;
        }
        if (at_ == place::unquoted)
            while (at < text.size() && text[at] != delimiter_ && text[at] != '\n') ++at;
        if (at == text.size()) return nowhere;
        pass(text[at++]);
        if (ended_) return at;
    }
    return nowhere;
}

row_extent first_row(std::string_view text, char delimiter) noexcept {
    const auto feed = text.find('\n');
    if (text.substr(0, feed).find('"') == nowhere) {
        if (feed == nowhere) return {0, row_shape::unfinished};
        return {feed + 1, feed + 1 > row_bytes_max ? row_shape::too_long : row_shape::sound};
    }
    row_scanner scanner{delimiter};
    const auto size = scanner.feed(text);
    if (size == nowhere) return {0, row_shape::unfinished};
    const auto shape = size > row_bytes_max       ? row_shape::too_long
                       : scanner.has_bad_quotes() ? row_shape::bad_quotes
                                                  : row_shape::sound;
    return {size, shape, line_feeds(text.substr(0, size))};
}

std::size_t line_feeds(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
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

}  // namespace xacthuc::inline v0_1::csv
