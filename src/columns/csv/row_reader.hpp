// SPDX-License-Identifier: Apache-2.0
// The rows of a chunk as fields. libcsv reads the rows; this feeds it one row at a time, so that a row that it refuses
// is known by its line and its text.
#pragma once

#include <csv.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "columns/csv/chunk.hpp"

namespace xacthuc::inline v0_1::csv {

struct row {
    std::uint64_t line = 0;                    // where it starts, from 1
    std::string_view raw;                      // without the line end
    std::span<const std::string_view> fields;  // unquoted, blanks around unquoted fields dropped; empty on a problem
    std::string_view problem;                  // why there are no fields, or empty
};

class row_reader {
  public:
    explicit row_reader(char delimiter);
    row_reader(const row_reader&) = delete;
    row_reader& operator=(const row_reader&) = delete;
    ~row_reader();

    // Requires: the chunk outlives the rows read from it.
    void open(const chunk& from) noexcept;
    // The next row that is not blank; false at the end of the chunk. Views hold until the next call.
    [[nodiscard]] bool next(row& into);

    // Where the next row starts in the chunk's text and the line it starts on.
    [[nodiscard]] std::size_t position() const noexcept { return position_; }
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }

  private:
    static void on_field(void* data, std::size_t size, void* self);
    static void on_row(int end, void* self);
    [[nodiscard]] std::string_view parse(std::string_view raw);

    csv_parser parser_;
    char delimiter_;
    std::string_view text_;
    std::size_t position_ = 0;
    std::uint64_t line_ = 1;
    std::uint64_t end_line_ = 1;
    std::string problem_text_;
    std::size_t rows_ended_ = 0;
    std::string field_text_;  // the fields of one row, one after the other; never grows while a row is read
    std::vector<std::string_view> fields_;
};

}  // namespace xacthuc::inline v0_1::csv
