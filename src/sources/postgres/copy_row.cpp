// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/copy_row.hpp"

#include <algorithm>
#include <string_view>

namespace xacthuc::inline v0_1::postgres {
namespace {

using sources::row_cell;

// Takes the backslashes out. Returns the end of what is left, null where one stands wrongly.
[[nodiscard]] char* unescape(char* at, char* end) noexcept {
    static constexpr std::string_view marks = "bfnrtv\\";
    static constexpr std::string_view meant = "\b\f\n\r\t\v\\";
    char* to = std::find(at, end, '\\');
    for (at = to; at != end; ++at) {
        if (*at != '\\') {
            *to++ = *at;
            continue;
        }
        if (++at == end) return nullptr;
        const auto place = marks.find(*at);
        if (place == std::string_view::npos) return nullptr;
        *to++ = meant[place];
    }
    return to;
}

}  // namespace

bool split_copy_row(std::span<char> row, std::vector<row_cell>& into) {
    into.clear();
    char* at = row.data();
    char* end = at + row.size();
    if (at != end && end[-1] == '\n') --end;
    for (;;) {
        char* const tab = std::find(at, end, '\t');
        const std::string_view raw{at, static_cast<std::size_t>(tab - at)};
        if (raw == "\\N") {
            into.push_back({});
        } else {
            const char* const last = unescape(at, tab);
            if (last == nullptr) return false;
            into.push_back({row_cell::kind::text, {at, static_cast<std::size_t>(last - at)}});
        }
        if (tab == end) return true;
        at = tab + 1;
    }
}

}  // namespace xacthuc::inline v0_1::postgres
