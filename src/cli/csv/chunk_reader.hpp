// SPDX-License-Identifier: Apache-2.0
// Cuts a stream of rows into chunks of whole rows, in bounded memory, so that several threads can parse them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/csv/row_extent.hpp"
#include "cli/input/input_file.hpp"

namespace xacthuc::cli::csv {

// Whole rows, the last one ended by a line feed even where the file's last one is not.
struct chunk {
    std::uint64_t sequence = 0;    // 0, 1, 2, … in the order of the file
    std::uint64_t first_line = 1;  // number of the line that `rows` starts with, from 1
    std::uint64_t end_line = 1;    // of the line after the last, counting those that a row was cut by
    std::string text;
    std::size_t rows_begin = 0;  // where the rows start in `text`

    [[nodiscard]] std::string_view rows() const noexcept { return std::string_view{text}.substr(rows_begin); }
};

class chunk_reader {
  public:
    static constexpr std::size_t chunk_bytes_default = std::size_t{1} << 20;

    enum class row_kind : std::uint8_t { csv, line };  // line: quotes mean nothing

    // Requires: the input outlives the reader; chunk_bytes > 0. A chunk is longer than chunk_bytes by up to
    // row_bytes_max.
    chunk_reader(input_file& from, row_kind kind, char delimiter, std::size_t chunk_bytes = chunk_bytes_default);

    // False at the end. A row over row_bytes_max whose end is not in sight comes cut, but still over the limit, and is
    // a chunk of its own; the rest of it is passed over, its quoted field to the closing quote. Throws command_error,
    // also where a quoted field is open at the end of the file: nobody can say what of it are rows. Concurrency: one
    // thread at a time.
    [[nodiscard]] bool next(chunk& into);

    [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

  private:
    [[nodiscard]] std::size_t whole_bytes(std::string_view text) const noexcept;
    void read_more(std::string& text);
    void end_last_row(std::string& text) const;
    void cut_long_row(std::string& text);
    void pass_rest_of_line();
    void pass_rest_of_row(row_scanner& within);
    [[noreturn]] void refuse_open_quotes(std::uint64_t line) const;

    input_file& from_;
    row_kind kind_;
    char delimiter_;
    std::size_t chunk_bytes_;
    std::string carry_;  // the start of a row whose end was not yet read
    std::uint64_t sequence_ = 0;
    std::uint64_t line_ = 1;
    std::uint64_t bytes_read_ = 0;
    bool at_end_ = false;
};

}  // namespace xacthuc::cli::csv
