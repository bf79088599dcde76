// SPDX-License-Identifier: Apache-2.0
// Where the rows of a CSV text end: the part that has to be known before a file can be cut into pieces for several
// threads. What the rows say is for libcsv (csv/row_reader.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace xacthuc::cli::csv {

// A longer row is no row of a register; it is rejected as a whole.
inline constexpr std::size_t row_bytes_max = std::size_t{64} << 10;

enum class row_shape : std::uint8_t {
    sound,
    unfinished,  // its end is not in the text
    bad_quotes,  // a quoted field is not closed, or something follows its closing quote
    too_long,
};

struct row_extent {
    std::size_t size_bytes;  // with the line feed; 0 when unfinished
    row_shape shape;
    std::size_t line_count = 1;
};

// The first row of the text. A quote opens a quoted field only where a field starts (blanks before it aside), as libcsv
// has it. A row whose quotes are bad ends at its first line feed, so that one stray quote costs one line and not the
// rest of the file. Requires: the text starts where a row does. Complexity: linear in the row, or in row_bytes_max when
// its quotes are bad.
[[nodiscard]] row_extent first_row(std::string_view text, char delimiter) noexcept;

// Line feeds in the text.
[[nodiscard]] std::size_t line_feeds(std::string_view text) noexcept;

// How much of the text is whole rows, given that there is more to come. The rows of that part, taken by themselves, are
// the same as in the whole.
[[nodiscard]] std::size_t whole_rows_bytes(std::string_view text, char delimiter) noexcept;

}  // namespace xacthuc::cli::csv
