// SPDX-License-Identifier: Apache-2.0
// xacthuc apply: a file or stream of changes goes into a registry.
#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/input/change_columns.hpp"
#include "cli/input/row_table.hpp"
#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/progress.hpp"
#include "cli/registers/register_file.hpp"
#include "cli/registers/registry_folder.hpp"
#include "cli/shared_options.hpp"
#include "cli/streams/change_intake.hpp"
#include "columns/csv/row_extent.hpp"
#include "columns/csv/row_reader.hpp"

namespace xacthuc::cli {
namespace {

constexpr std::size_t apply_chunk_bytes = std::size_t{256} << 10;
enum class change_format : std::uint8_t { csv, json_lines };

struct apply_options {
    shared_options shared;
    registry_folder folder;
    std::string input;
    std::string rejects;
    std::optional<change_format> format;
    std::uint64_t batch = 1000;
    char delimiter = ',';
    bool ignore_unknown = false;
    bool renumber = false;
    std::uint64_t after_line = 0;
};

// Calls each(line, raw text) for the lines of a chunk that are not blank.
template <class Each>
void for_each_line(const csv::chunk& from, Each each) {
    auto line = from.first_line;
    for (auto rest = from.rows(); !rest.empty(); ++line) {
        const auto end = rest.find('\n');
        const auto raw = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (raw.find_first_not_of(" \t\r") != std::string_view::npos) each(line, raw);
    }
}

[[nodiscard]] change_format format_of(const apply_options& options) {
    if (options.format) return *options.format;
    const auto extension = std::filesystem::path{options.input}.extension();
    return extension == ".jsonl" || extension == ".ndjson" || extension == ".json" ? change_format::json_lines
                                                                                   : change_format::csv;
}

void apply_rows(row_table& table, const change_parser& parser, bool is_json, change_intake& intake,
                const apply_options& options) {
    progress bar{"apply ", "rows", table.rows_estimated()};
    const auto take_row = [&](std::uint64_t line, const std::optional<csv::row_problem>& problem, const change& what) {
        if (problem)
            intake.reject(line, problem->column, problem->reason);
        else
            intake.add(what, line);
        bar.add(1);
    };
    csv::row_reader reader{options.delimiter};
    csv::chunk rows;
    csv::row row;
    change what;
    while (table.next(rows)) {
        stop_if_interrupted();
        if (is_json) {
            for_each_line(rows, [&](std::uint64_t line, std::string_view raw) {
                if (line <= options.after_line) return;
                take_row(line,
                         raw.size() > csv::row_bytes_max ? csv::row_problem{"", "the line is longer than 65536 bytes"}
                                                         : parser.parse_json(raw, what),
                         what);
            });
        } else {
            reader.open(rows);
            while (reader.next(row)) {
                if (row.line <= options.after_line) continue;
                take_row(row.line,
                         row.problem.empty() ? parser.parse_fields(row.fields, what)
                                             : csv::row_problem{"", std::string{row.problem}},
                         what);
            }
        }
        // What came through a pipe is made now: the next line may be long in coming.
        intake.flush();
    }
    stop_if_interrupted();
}

struct apply_report {
    intake_totals totals;
    freshness now;
    double seconds = 0;
    bool complete = true;
};

void print(const apply_report& report, const apply_options& options) {
    const auto& [totals, now, seconds, complete] = report;
    const auto per_second = seconds > 0 ? static_cast<double>(totals.applied) / seconds : 0;
    say("{} changes made in {} ({} changes/s, {} transactions)", grouped(totals.applied), clock_text(seconds),
        rounded(per_second), grouped(totals.batches));
    if (totals.repeated != 0) say("{} changes of the feed were here already", grouped(totals.repeated));
    if (totals.rejected != 0) say("{} rows rejected: {}", grouped(totals.rejected), options.rejects);
    say("the register is at sequence {}", now.sequence);
    if (!complete)
        say("not all of the input was applied: through line {}; --after-line {} goes on", totals.through_line,
            totals.through_line);
    if (!options.shared.json) return;
    print_json({{"command", "apply"},
                {"complete", complete},
                {"applied_through_line", totals.through_line},
                {"rows", totals.rows},
                {"applied", totals.applied},
                {"repeated", totals.repeated},
                {"rejected", totals.rejected},
                {"transactions", totals.batches},
                {"seconds", seconds},
                {"changes_per_second", per_second},
                {"sequence", now.sequence},
                {"as_of_unix_ms", now.as_of_unix_ms},
                {"rejects_file", options.rejects}});
}

// Applies the rows and returns what ended that before the end of the input, after which what was done is to be told all
// the same: it is durable.
[[nodiscard]] std::exception_ptr try_to_apply(row_table& table, const change_parser& parser, bool is_json,
                                              change_intake& intake, const apply_options& options) {
    try {
        apply_rows(table, parser, is_json, intake, options);
    } catch (...) {
        return std::current_exception();
    }
    return {};
}

// What was made stays made, and the rejects are those of what was done, however the work ended.
void finish(registry& opened, output_file& rejects, const apply_report& report, const apply_options& options) {
    rejects.commit();
    take(opened.close());
    print(report, options);
}

[[nodiscard]] exit_code run_apply(apply_options options) {
    if (options.rejects.empty())
        options.rejects = options.input == "-" ? "changes.rejects.csv" : options.input + ".rejects.csv";
    const bool is_json = format_of(options) == change_format::json_lines;
    auto table = is_json ? std::make_unique<row_table>(options.input, apply_chunk_bytes)
                         : std::make_unique<row_table>(options.input, options.delimiter, apply_chunk_bytes);
    // A wrong header is told before the register is loaded.
    if (!is_json)
        static_cast<void>(
            change_parser{digest_key::generate(), table->header(), options.ignore_unknown, table->name()});
    auto opened = open_to_write(options.folder, options.shared.threads);
    say_opening(opened.opening());
    const auto parser = is_json
                            ? change_parser{opened.digests()}
                            : change_parser{opened.digests(), table->header(), options.ignore_unknown, table->name()};
    output_file rejects{options.rejects, output_file::readers::owner};
    change_intake intake{
        opened,
        rejects,
        {.input = table->name(), .batch_size = static_cast<std::size_t>(options.batch), .renumber = options.renumber}};
    const auto start = std::chrono::steady_clock::now();
    const auto stopped = try_to_apply(*table, parser, is_json, intake, options);
    const apply_report report{
        .totals = intake.totals(),
        .now = opened.index().as_of(),
        .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
        .complete = !stopped};
    if (stopped) {
        try {
            finish(opened, rejects, report, options);
        } catch (const command_error& also) {
            say("xacthuc: {}", also.what());  // the first reason counts
        }
        std::rethrow_exception(stopped);
    }
    finish(opened, rejects, report, options);
    return report.totals.rejected == 0 ? exit_code::done : exit_code::rows_left_out;
}

}  // namespace

void add_apply(CLI::App& app, exit_code& status) {
    const auto [apply, options] =
        add_command<apply_options>(app, status, "apply", "Make changes in a registry, durably", run_apply);
    add_registry_folder(*apply, options->folder, false);
    apply->add_option("FILE", options->input, "Changes: CSV or JSON lines, UTF-8, or - for standard input")->required();
    static const std::map<std::string, change_format> formats{{"csv", change_format::csv},
                                                              {"jsonl", change_format::json_lines}};
    apply->add_option("--format", options->format, "csv or jsonl (JSON lines) [by the file's name, else csv]")
        ->transform(CLI::Transformer(formats))
        ->type_name("FORMAT");
    add_count(*apply, "--batch", options->batch, "Changes that become durable together [1000]")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{changes_per_apply_max}));
    apply->add_option("--rejects", options->rejects, "Where rejected rows go [FILE.rejects.csv]");
    add_delimiter(*apply, options->delimiter);
    apply->add_flag("--ignore-unknown", options->ignore_unknown, "Leave out columns of unknown names");
    apply->add_flag("--renumber", options->renumber,
                    "Make a feed's changes whatever their sequence numbers: for a registry that is no copy of its "
                    "source");
    add_count(*apply, "--after-line", options->after_line, "Pass over the input's first lines, down to this one [0]");
    add_shared(*apply, options->shared);
    apply->footer("Columns, or members of JSON objects by their first name:\n" +
                  csv::describe_columns(change_columns()) +
                  "\nAn upsert inserts or replaces all but the key. Changes are made in the order of the file.\n"
                  "JSON lines with a sequence number are another registry's, of which this one is a copy: a number\n"
                  "that is passed over ends the work with exit code 5, one that is here already is not made again.\n"
                  "\nExamples:\n"
                  "  xacthuc apply register changes.csv\n"
                  "  xacthuc follow source --from 1001 --wait | xacthuc apply copy - --format jsonl\n"
                  "  xacthuc apply register changes.csv --after-line 4711\n");
}

}  // namespace xacthuc::cli
