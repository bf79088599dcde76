// SPDX-License-Identifier: Apache-2.0
// Which column of a file is which: by its heading, as the library reads headings (heading.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/heading.hpp>

namespace xacthuc::inline v0_1::csv {

// One column that a kind of file may have.
struct column {
    std::string_view name;
    std::string_view aliases;  // other names, separated by blanks
    std::string_view meaning;
};

// Columns for the fields of something, and some more after them.
template <std::size_t More = 0, std::size_t Fields>
[[nodiscard]] constexpr std::array<column, Fields + More> with_meanings(
    const std::array<heading, Fields>& headings, const std::array<std::string_view, Fields>& meanings,
    const std::array<column, More>& more = {}) {
    std::array<column, Fields + More> all{};
    for (std::size_t i = 0; i < Fields; ++i) all[i] = {headings[i].name, headings[i].aliases, meanings[i]};
    for (std::size_t i = 0; i < More; ++i) all[Fields + i] = more[i];
    return all;
}

inline constexpr std::size_t ignored_column = static_cast<std::size_t>(-1);

enum class unknown_columns : std::uint8_t {
    refused,             // and no option lets them pass
    refused_by_default,  // --ignore-unknown would let them pass
    ignored,
};

// For each field of the header the position of its column in `known`, or ignored_column. Throws
// columns::column_error on an unknown column unless they are ignored, and on two fields for one column; the message
// names the file and the column's place, never what stands in the header: it may be a person.
[[nodiscard]] std::vector<std::size_t> match_header(std::span<const std::string_view> header,
                                                    std::span<const column> known, unknown_columns unknown,
                                                    const std::string& file);
[[nodiscard]] constexpr unknown_columns unknown_columns_of(bool ignore_unknown) noexcept {
    return ignore_unknown ? unknown_columns::ignored : unknown_columns::refused_by_default;
}

// Throws columns::column_error when none of a header's fields is of the column at this place.
void require_column(std::span<const std::size_t> columns, std::size_t place, std::string_view name,
                    const std::string& file);
// How a message calls the column without which nobody is named.
inline constexpr std::string_view id_column_name = "id (or so_cccd)";

// What is wrong with a row that has not one field for each of the header's.
[[nodiscard]] std::string wrong_field_count(std::size_t fields, std::size_t columns);

// The header row that has all of them, with the line feed.
void append_header(std::string& to, std::span<const column> all);
// The columns as a table for --help.
[[nodiscard]] std::string describe_columns(std::span<const column> known);

}  // namespace xacthuc::inline v0_1::csv
