// SPDX-License-Identifier: Apache-2.0
// Where the rows of a CSV text end: the part that has to be known before a file can be cut into pieces for several
// threads. What the rows say is for libcsv (csv/row_reader.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace xacthuc::inline v0_1::csv {

// A longer row is no row of a register; it is rejected as a whole.
inline constexpr std::size_t row_bytes_max = std::size_t{64} << 10;

// Finds the end of one row in a text that comes in pieces. A quote opens a quoted field only where a field starts
// (blanks before it aside), as libcsv has it, and the field ends at the first quote that is not doubled, however far
// that is: what stands between is never a row. What follows a closing quote up to the delimiter should not be there; it
// makes the row bad and moves none of its ends.
class row_scanner {
  public:
    explicit row_scanner(char delimiter) noexcept : delimiter_{delimiter} {}

    // Returns how much of the text is the row's, with its line feed; npos when all is and the row goes on.
    // Complexity: linear in what it returns. Requires: it did not yet return an end.
    [[nodiscard]] std::size_t feed(std::string_view text) noexcept;
    // A quoted field is open: if nothing follows, its closing quote is missing.
    [[nodiscard]] bool in_quotes() const noexcept { return at_ == place::quoted; }
    [[nodiscard]] bool has_bad_quotes() const noexcept { return bad_quotes_; }

  private:
    enum class place : std::uint8_t { field_begin, unquoted, quoted, quote_seen, after_quotes, return_seen };

    [[nodiscard]] bool is_blank(char c) const noexcept { return (c == ' ' || c == '\t') && c != delimiter_; }
    void pass(char c) noexcept;

    char delimiter_;
    place at_ = place::field_begin;
    bool bad_quotes_ = false;
    bool ended_ = false;
};

enum class row_shape : std::uint8_t {
    sound,
    unfinished,  // its end is not in the text
    bad_quotes,  // something follows a closing quote
    too_long,
};

struct row_extent {
    std::size_t size_bytes;  // with the line feed; 0 when unfinished
    row_shape shape;
    std::size_t line_count = 1;
};

// The first row of the text. Requires: the text starts where a row does. Complexity: linear in the row.
[[nodiscard]] row_extent first_row(std::string_view text, char delimiter) noexcept;

// Line feeds in the text.
[[nodiscard]] std::size_t line_feeds(std::string_view text) noexcept;

// How much of the text is whole rows, given that there is more to come. The rows of that part, taken by themselves, are
// the same as in the whole.
[[nodiscard]] std::size_t whole_rows_bytes(std::string_view text, char delimiter) noexcept;

}  // namespace xacthuc::inline v0_1::csv
