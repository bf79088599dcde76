// SPDX-License-Identifier: Apache-2.0
// xacthuc apply: a file or stream of changes goes into a registry.
#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "cli/change_columns.hpp"
#include "cli/commands.hpp"
#include "cli/csv/field_writer.hpp"
#include "cli/csv/row_reader.hpp"
#include "cli/figures.hpp"
#include "cli/interruption.hpp"
#include "cli/progress.hpp"
#include "cli/register_file.hpp"
#include "cli/registry_folder.hpp"
#include "cli/row_table.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{256} << 10;
constexpr std::size_t raw_bytes_max = 4096;

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
};

struct apply_totals {
    std::uint64_t rows = 0;
    std::uint64_t applied = 0;
    std::uint64_t rejected = 0;
    std::uint64_t batches = 0;
};

// Changes wait here until they are a batch; those that are refused go to the rejects file, the others are made.
class batching {
  public:
    batching(registry& into, output_file& rejects, std::size_t batch_size, apply_totals& totals, progress& bar)
        : into_{into}, rejects_{rejects}, batch_size_{batch_size}, totals_{totals}, bar_{bar} {}

    void add(const change& what, std::uint64_t line, std::string_view raw) {
        changes_.push_back(what);
        rows_.push_back({line, std::string{raw.substr(0, raw_bytes_max)}});
        if (changes_.size() >= batch_size_) flush();
    }

    void reject(std::uint64_t line, std::string_view column, std::string_view reason, std::string_view raw) {
        std::string text = fmt::format("{},{},", line, column);
        csv::append_field(text, reason);
        text += ',';
        csv::append_field(text, raw.substr(0, raw_bytes_max));
        rejects_.write(text + '\n');
        ++totals_.rejected;
        bar_.add(1);
    }

    void flush() {
        std::vector<refused_change> refused;
        while (!changes_.empty()) {
            const auto done = into_.apply(changes_, &refused);
            if (done) {
                totals_.applied += changes_.size();
                ++totals_.batches;
                bar_.add(changes_.size());
                break;
            }
            if (refused.empty()) throw error_of(done.error());
            leave_out(refused);
        }
        changes_.clear();
        rows_.clear();
    }

  private:
    struct row_text {
        std::uint64_t line;
        std::string raw;
    };

    // Nothing of a batch with bad changes was made: it is tried again without them.
    void leave_out(const std::vector<refused_change>& refused) {
        std::size_t kept = 0;
        std::size_t next = 0;
        for (std::size_t i = 0; i < changes_.size(); ++i) {
            if (next < refused.size() && refused[next].place == i) {
                reject(rows_[i].line, {}, refused[next++].why.message(), rows_[i].raw);
                continue;
            }
            changes_[kept] = changes_[i];
            rows_[kept++] = std::move(rows_[i]);
        }
        changes_.resize(kept);
        rows_.resize(kept);
    }

    registry& into_;
    output_file& rejects_;
    std::size_t batch_size_;
    apply_totals& totals_;
    progress& bar_;
    std::vector<change> changes_;
    std::vector<row_text> rows_;
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

[[nodiscard]] apply_totals apply_rows(row_table& table, const change_parser& parser, bool is_json, registry& into,
                                      output_file& rejects, const apply_options& options) {
    apply_totals totals;
    progress bar{"apply ", "changes", table.rows_estimated()};
    batching batches{into, rejects, static_cast<std::size_t>(options.batch), totals, bar};
    const auto take_row = [&](std::uint64_t line, std::string_view raw, const std::optional<row_problem>& problem,
                              const change& what) {
        ++totals.rows;
        if (problem)
            batches.reject(line, problem->column, problem->reason, raw);
        else
            batches.add(what, line, raw);
    };
    csv::row_reader reader{options.delimiter};
    csv::chunk rows;
    csv::row row;
    change what;
    while (table.next(rows)) {
        stop_if_interrupted();
        if (is_json) {
            for_each_line(rows, [&](std::uint64_t line, std::string_view raw) {
                take_row(line, raw, parser.parse_json(raw, what), what);
            });
        } else {
            reader.open(rows);
            while (reader.next(row))
                take_row(row.line, row.raw,
                         row.problem.empty() ? parser.parse_fields(row.fields, what)
                                             : row_problem{"", std::string{row.problem}},
                         what);
        }
        // What came through a pipe is made now: the next line may be long in coming.
        batches.flush();
    }
    stop_if_interrupted();
    return totals;
}

void print(const apply_totals& totals, const freshness& now, double seconds, const apply_options& options) {
    const auto per_second = seconds > 0 ? static_cast<double>(totals.applied) / seconds : 0;
    say("{} changes made in {} ({} changes/s, {} transactions)", grouped(totals.applied), clock_text(seconds),
        rounded(per_second), grouped(totals.batches));
    if (totals.rejected != 0) say("{} rows rejected: {}", grouped(totals.rejected), options.rejects);
    say("the register is at sequence {}", now.sequence);
    if (!options.shared.json) return;
    print_json({{"command", "apply"},
                {"rows", totals.rows},
                {"applied", totals.applied},
                {"rejected", totals.rejected},
                {"transactions", totals.batches},
                {"seconds", seconds},
                {"changes_per_second", per_second},
                {"sequence", now.sequence},
                {"as_of_unix_ms", now.as_of_unix_ms},
                {"rejects_file", options.rejects}});
}

[[nodiscard]] exit_code run_apply(apply_options options) {
    if (options.rejects.empty())
        options.rejects = options.input == "-" ? "changes.rejects.csv" : options.input + ".rejects.csv";
    const bool is_json = format_of(options) == change_format::json_lines;
    auto table = is_json ? std::make_unique<row_table>(options.input, chunk_bytes)
                         : std::make_unique<row_table>(options.input, options.delimiter, chunk_bytes);
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
    rejects.write("line,column,reason,raw\n");
    const auto start = std::chrono::steady_clock::now();
    const auto totals = apply_rows(*table, parser, is_json, opened, rejects, options);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    rejects.commit();
    const auto now = opened.index().as_of();
    take(opened.close());
    print(totals, now, seconds, options);
    return totals.rejected == 0 ? exit_code::done : exit_code::rows_left_out;
}

}  // namespace

void add_apply(CLI::App& app, exit_code& status) {
    auto* const apply = app.add_subcommand("apply", "Make changes in a registry, durably");
    const auto options = std::make_shared<apply_options>();
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
    add_shared(*apply, options->shared);
    apply->footer("Columns, or members of JSON objects by their first name:\n" +
                  csv::describe_columns(change_columns()) +
                  "\nAn upsert inserts or replaces all but the key. Changes are made in the order of the file.\n"
                  "\nExamples:\n"
                  "  xacthuc apply register changes.csv\n"
                  "  xacthuc follow other --from 1001 | xacthuc apply register - --format jsonl\n");
    apply->callback([options, &status] { status = run_apply(*options); });
}

}  // namespace xacthuc::cli
