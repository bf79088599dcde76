// SPDX-License-Identifier: Apache-2.0
#include "cli/input/row_table.hpp"

#include "cli/exit_code.hpp"
#include "cli/interruption.hpp"
#include "cli/output/ordered_writer.hpp"
#include "cli/threads.hpp"
#include "columns/csv/row_extent.hpp"
#include "columns/csv/row_reader.hpp"

namespace xacthuc::cli {

row_table::row_table(const std::string& path, char delimiter, std::size_t chunk_bytes)
    : file_{path}, reader_{file_, chunk_reader::row_kind::csv, delimiter, chunk_bytes} {
    csv::row_reader rows{delimiter};
    csv::row header;
    do {
        if (!reader_.next(first_))
            throw command_error{exit_code::usage, "the file is empty, wanted a header row: " + name()};
        rows.open(first_);
    } while (!rows.next(header));
    if (!header.problem.empty())
        throw command_error{exit_code::usage,
                            std::string{header.problem} + ": " + name() + ", line " + std::to_string(header.line)};
    header_text_.assign(header.fields.begin(), header.fields.end());
    header_.assign(header_text_.begin(), header_text_.end());
    first_.rows_begin = rows.position();
    first_.first_line = rows.line();
}

row_table::row_table(const std::string& path, std::size_t chunk_bytes)
    : file_{path}, reader_{file_, chunk_reader::row_kind::line, '\n', chunk_bytes} {
    is_empty_ = !reader_.next(first_);
}

std::uint64_t row_table::rows_estimated() const noexcept {
    const auto rows = first_.rows();
    if (!size_bytes() || rows.empty()) return 0;
    return *size_bytes() * csv::line_feeds(rows) / rows.size();
}

bool row_table::next(csv::chunk& into) {
    const std::scoped_lock lock{reading_};
    if (is_empty_) return false;
    if (first_taken_) return reader_.next(into);
    first_taken_ = true;
    into = std::move(first_);
    into.sequence = 0;
    return true;
}

void for_each_chunk(const chunk_source& next, unsigned threads, output_file& out,
                    const std::function<chunk_work()>& make_work) {
    ordered_writer writer{out};
    run_threads(threads, [&](unsigned) {
        try {
            const auto work = make_work();
            csv::chunk rows;
            std::string text;
            while (next(rows)) {
                stop_if_interrupted();
                text.clear();
                work(rows, text);
                if (!writer.write(rows.sequence, text)) return;
            }
            // A signal also ends the input; what was read until then is not the whole.
            stop_if_interrupted();
        } catch (...) {
            writer.call_off();
            throw;
        }
    });
}

void for_each_chunk(row_table& table, unsigned threads, output_file& out,
                    const std::function<chunk_work()>& make_work) {
    for_each_chunk([&table](csv::chunk& into) { return table.next(into); }, threads, out, make_work);
}

}  // namespace xacthuc::cli
