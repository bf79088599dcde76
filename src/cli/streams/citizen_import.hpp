// SPDX-License-Identifier: Apache-2.0
// From a citizens file to the records of an index: what the import subcommand does between its options and its report.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/index/index_builder.hpp>

#include "cli/input/row_table.hpp"
#include "cli/output/output_file.hpp"
#include "columns/csv/citizen_columns.hpp"

namespace xacthuc::cli {

struct import_totals {
    std::uint64_t rows = 0;  // without the header and blank ones
    std::uint64_t rejected = 0;
};

// Takes a record and the line that it stands on, which orders the records of one citizen.
using record_sink = std::function<void(const record& made, std::uint64_t line)>;

// Turns every row of the table into a record; rows that cannot be go to `rejects`. make_sink is called once for each
// thread; advance is called with rows done, from any thread.
[[nodiscard]] import_totals import_citizens(
    row_table& table, char delimiter, const csv::citizen_parser& parser, const digest_key& key, unsigned threads,
    output_file& rejects, const std::function<record_sink()>& make_sink,
    const std::function<void(std::uint64_t rows, std::uint64_t bytes)>& advance);

// The rejects file: a header, then one row a rejected one: line, column, reason. Where a row stands and what is wrong
// with it, never what it says: such files are passed around to be mended, and rows are people.
void append_rejects_header(std::string& to);
void append_reject(std::string& to, std::uint64_t line, std::string_view column, std::string_view reason);

// The duplicates file: a header and a row for each dropped row: dropped_line, kept_line.
void write_duplicates(std::span<const index_builder::duplicate> duplicates, output_file& to);

}  // namespace xacthuc::cli
