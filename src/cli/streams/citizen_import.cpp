// SPDX-License-Identifier: Apache-2.0
#include "cli/streams/citizen_import.hpp"

#include <fmt/format.h>

#include <atomic>
#include <iterator>
#include <memory>

#include "columns/csv/field_writer.hpp"
#include "columns/csv/row_reader.hpp"

namespace xacthuc::cli {
import_totals import_citizens(row_table& table, char delimiter, const csv::citizen_parser& parser,
                              const digest_key& key, unsigned threads, output_file& rejects,
                              const std::function<record_sink()>& make_sink,
                              const std::function<void(std::uint64_t, std::uint64_t)>& advance) {
    std::atomic<std::uint64_t> all_rows{0};
    std::atomic<std::uint64_t> all_rejected{0};
    std::string header;
    append_rejects_header(header);
    rejects.write(header);
    for_each_chunk(table, threads, rejects, [&]() -> chunk_work {
        return [&, sink = make_sink(), reader = std::make_shared<csv::row_reader>(delimiter)](const csv::chunk& rows,
                                                                                              std::string& text) {
            std::uint64_t count = 0;
            std::uint64_t rejected = 0;
            csv::row row;
            record made;
            reader->open(rows);
            while (reader->next(row)) {
                ++count;
                if (!row.problem.empty()) {
                    append_reject(text, row.line, {}, row.problem);
                    ++rejected;
                } else if (const auto problem = parser.parse(row.fields, key, made)) {
                    append_reject(text, row.line, problem->column, problem->reason);
                    ++rejected;
                } else {
                    sink(made, row.line);
                }
            }
            all_rows += count;
            all_rejected += rejected;
            advance(count, rows.rows().size());
        };
    });
    return {all_rows, all_rejected};
}

void append_rejects_header(std::string& to) {
    to += "line,column,reason\n";
}

void append_reject(std::string& to, std::uint64_t line, std::string_view column, std::string_view reason) {
    fmt::format_to(std::back_inserter(to), "{},{},", line, column);
    csv::append_field(to, reason);
    to += '\n';
}

void write_duplicates(std::span<const index_builder::duplicate> duplicates, output_file& to) {
    constexpr std::size_t block_bytes = std::size_t{1} << 16;
    std::string text = "dropped_line,kept_line\n";
    for (const auto& one : duplicates) {
        fmt::format_to(std::back_inserter(text), "{},{}\n", one.dropped_ordinal, one.kept_ordinal);
        if (text.size() < block_bytes) continue;
        to.write(text);
        text.clear();
    }
    to.write(text);
}

}  // namespace xacthuc::cli
