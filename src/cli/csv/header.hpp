// SPDX-License-Identifier: Apache-2.0
// Which column of a file is which: header names in English or Vietnamese, in any case, with or without diacritics.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc::cli::csv {

// One column that a kind of file may have.
struct column {
    std::string_view name;
    std::string_view aliases;  // other names, separated by blanks
    std::string_view meaning;
};

inline constexpr std::size_t ignored_column = static_cast<std::size_t>(-1);

// A header's name as it is compared: "Họ và tên" and "HO_VA_TEN" are "ho_va_ten".
[[nodiscard]] std::string plain_name(std::string_view header);

// For each field of the header the position of its column in `known`, or ignored_column. Throws command_error
// (exit_code::usage) on an unknown column unless they are ignored, and on two fields for one column; the message names
// the file.
[[nodiscard]] std::vector<std::size_t> match_header(std::span<const std::string_view> header,
                                                    std::span<const column> known, bool ignore_unknown,
                                                    const std::string& file);

// The columns as a table for --help.
[[nodiscard]] std::string describe_columns(std::span<const column> known);

}  // namespace xacthuc::cli::csv
