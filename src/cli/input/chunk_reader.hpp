// SPDX-License-Identifier: Apache-2.0
// Cuts a stream of rows into chunks of whole rows, in bounded memory, so that several threads can parse them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cli/input/input_file.hpp"
#include "columns/csv/chunk.hpp"
#include "columns/csv/row_extent.hpp"

namespace xacthuc::cli {

class chunk_reader {
  public:
    static constexpr std::size_t chunk_bytes_default = std::size_t{1} << 20;

    enum class row_kind : std::uint8_t { csv, line };  // line: quotes mean nothing

    // Requires: the input outlives the reader; chunk_bytes > 0. A chunk is longer than chunk_bytes by up to
    // csv::row_bytes_max.
    chunk_reader(input_file& from, row_kind kind, char delimiter, std::size_t chunk_bytes = chunk_bytes_default);

    // False at the end. A row over csv::row_bytes_max whose end is not in sight comes cut, but still over the limit,
    // and is a chunk of its own; the rest of it is passed over, its quoted field to the closing quote. Throws
    // command_error, also where a quoted field is open at the end of the file: nobody can say what of it are rows.
    // Concurrency: one thread at a time.
    [[nodiscard]] bool next(csv::chunk& into);

    [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

  private:
    [[nodiscard]] std::size_t whole_bytes(std::string_view text) const noexcept;
    void read_more(std::string& text);
    void end_last_row(std::string& text) const;
    void cut_long_row(std::string& text);
    void pass_rest_of_line();
    void pass_rest_of_row(csv::row_scanner& within);
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

}  // namespace xacthuc::cli
