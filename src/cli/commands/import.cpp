// SPDX-License-Identifier: Apache-2.0
// xacthuc import: a citizens file becomes a snapshot.
#include <chrono>
#include <memory>
#include <utility>
#include <vector>
#include <xacthuc/index/index_builder.hpp>
#include <xacthuc/registry/snapshot.hpp>

#include "cli/commands/commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/registers/key_files.hpp"
#include "cli/registers/register_file.hpp"
#include "cli/shared_options.hpp"
#include "cli/streams/citizen_import.hpp"

namespace xacthuc::cli {
namespace {

struct import_options {
    shared_options shared;
    std::string input;
    register_output out;
    std::string rejects;
    std::string duplicates;
    char delimiter = ',';
    bool ignore_unknown = false;
};

struct import_report {
    import_totals totals;
    std::uint64_t duplicates = 0;
    double read_seconds = 0;
    saved_register saved;
};

void print(const import_report& report, const import_options& options) {
    const auto& [totals, duplicates, read_seconds, saved] = report;
    const auto rows_per_second = read_seconds > 0 ? static_cast<double>(totals.rows) / read_seconds : 0;
    say("{} rows in {} ({} rows/s, {} threads)", grouped(totals.rows), clock_text(read_seconds),
        rounded(rows_per_second), options.shared.threads);
    if (totals.rejected != 0) say("{} rows rejected: {}", grouped(totals.rejected), options.rejects);
    if (duplicates != 0)
        say("{} rows replaced by a later one of the same id: {}", grouped(duplicates), options.duplicates);
    say("{} citizens: {} ({})", grouped(saved.citizens), options.out.path, bytes_text(saved.file_bytes));
    if (!options.shared.json) return;
    print_json({{"command", "import"},
                {"rows", totals.rows},
                {"rejected", totals.rejected},
                {"duplicates", duplicates},
                {"citizens", saved.citizens},
                {"read_seconds", read_seconds},
                {"rows_per_second", rows_per_second},
                {"build_seconds", saved.build_seconds},
                {"save_seconds", saved.save_seconds},
                {"file", options.out.path},
                {"file_bytes", saved.file_bytes},
                {"rejects_file", options.rejects},
                {"duplicates_file", options.duplicates}});
}

[[nodiscard]] import_totals read_rows(row_table& table, const csv::citizen_parser& parser,
                                      const import_options& options, const digest_key& key, index_builder& builder,
                                      output_file& rejects) {
    progress bar{"import", "rows", table.rows_estimated()};
    return import_citizens(
        table, options.delimiter, parser, key, options.shared.threads, rejects,
        [&]() -> record_sink {
            // A function object has to be copyable, an appender is not.
            auto appender = std::make_shared<index_builder::appender>(builder.make_appender());
            return [appender](const record& made, std::uint64_t line) { take(appender->append(made, line)); };
        },
        [&](std::uint64_t rows, std::uint64_t) { bar.add(rows); });
}

[[nodiscard]] exit_code run_import(import_options options) {
    if (options.rejects.empty()) options.rejects = options.out.path + ".rejects.csv";
    if (options.duplicates.empty()) options.duplicates = options.out.path + ".duplicates.csv";
    row_table table{options.input, options.delimiter, chunk_reader::chunk_bytes_default};
    const csv::citizen_parser parser{table.header(), options.ignore_unknown, table.name()};
    check_register_output(options.out);
    output_file rejects{options.rejects, output_file::readers::owner};
    output_file duplicates{options.duplicates, output_file::readers::owner};
    const auto keys = load_or_make_keys(options.out.keys);
    auto builder = take(index_builder::create(builder_options(options.out, keys, table.rows_estimated())));

    import_report report;
    const auto start = std::chrono::steady_clock::now();
    report.totals = read_rows(table, parser, options, keys.digests, builder, rejects);
    report.read_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    rejects.commit();  // complete and of use, even if the rest should fail
    std::vector<index_builder::duplicate> dropped;
    report.saved = build_and_save(std::move(builder), options.out, keys, options.shared.threads, &dropped);
    report.duplicates = dropped.size();
    write_duplicates(dropped, duplicates);
    duplicates.commit();
    print(report, options);
    return report.totals.rejected + report.duplicates == 0 ? exit_code::done : exit_code::rows_left_out;
}

}  // namespace

void add_import(CLI::App& app, exit_code& status) {
    const auto [import, options] = add_command<import_options>(
        app, status, "import", "Make a register's snapshot from a CSV file of citizens", run_import);
    import->add_option("FILE", options->input, "CSV file of citizens, UTF-8, or - for standard input")->required();
    add_register_output(*import, options->out)->required();
    import->add_option("--rejects", options->rejects, "Where rejected rows go [OUT.rejects.csv]");
    import->add_option("--duplicates", options->duplicates,
                       "Where rows that a later one replaced go [OUT.duplicates.csv]");
    add_delimiter(*import, options->delimiter);
    import->add_flag("--ignore-unknown", options->ignore_unknown, "Leave out columns of unknown names");
    add_shared(*import, options->shared);
    import->footer("Columns, by header name in any case, with or without diacritics (Họ và tên is ho_va_ten):\n" +
                   csv::describe_columns(csv::citizen_columns()) +
                   "\nExamples:\n"
                   "  xacthuc import people.csv --out register/snapshot.xts\n"
                   "  zcat people.csv.gz | xacthuc import - --out register/snapshot.xts --json\n"
                   "  xacthuc import people.csv --delimiter ';' --ignore-unknown --out snapshot.xts\n");
}

}  // namespace xacthuc::cli
