// SPDX-License-Identifier: Apache-2.0
// A file of rows, read by several threads at once, what they write kept in the order of the rows.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/input/chunk_reader.hpp"
#include "cli/input/input_file.hpp"
#include "cli/output/output_file.hpp"

namespace xacthuc::cli {

class row_table {
  public:
    // A CSV file whose first row that is not blank is its header. Throws command_error (exit_code::usage) when there is
    // none.
    row_table(const std::string& path, char delimiter, std::size_t chunk_bytes);
    // A file of plain lines without a header.
    row_table(const std::string& path, std::size_t chunk_bytes);

    [[nodiscard]] const std::string& name() const noexcept { return file_.name(); }
    [[nodiscard]] const std::vector<std::string_view>& header() const noexcept { return header_; }
    [[nodiscard]] std::optional<std::uint64_t> size_bytes() const noexcept { return file_.size_bytes(); }
    // How many rows the file may have, judged by its first chunk; 0 when its size is not known.
    [[nodiscard]] std::uint64_t rows_estimated() const noexcept;

    // Reads the next chunk of rows after the header; false at the end. Concurrency: blocks on the reader.
    [[nodiscard]] bool next(csv::chunk& into);

  private:
    input_file file_;
    chunk_reader reader_;
    std::mutex reading_;
    bool first_taken_ = false;
    bool is_empty_ = false;
    csv::chunk first_;
    std::vector<std::string> header_text_;
    std::vector<std::string_view> header_;
};

// Does one chunk: what it appends to `text` goes to the output in the order of the chunks.
using chunk_work = std::function<void(const csv::chunk& rows, std::string& text)>;

// Gives the next chunk, numbered from 0; false at the end. Called by several threads at once.
using chunk_source = std::function<bool(csv::chunk& into)>;

// Does all chunks of the source on `threads` threads, the caller's one of them; make_work is called once for each, so
// that works share nothing. The first exception stops all and is thrown. Memory: two chunks and what a chunk's work
// writes, for each thread.
void for_each_chunk(const chunk_source& next, unsigned threads, output_file& out,
                    const std::function<chunk_work()>& make_work);
void for_each_chunk(row_table& table, unsigned threads, output_file& out, const std::function<chunk_work()>& make_work);

}  // namespace xacthuc::cli
