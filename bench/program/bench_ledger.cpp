// SPDX-License-Identifier: Apache-2.0
// xacthuc bench ledger: what a ledger takes and makes durable, beside another transparency log; receipts; histories.
#include <boost/json/object.hpp>
#include <filesystem>
#include <optional>

#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/shared_options.hpp"
#include "ledgers/measure_ledger.hpp"
#include "program/bench_commands.hpp"
#include "program/planted_nation.hpp"
#include "program/told_rate.hpp"

namespace xacthuc::cli {
namespace {

struct bench_ledger_options {
    shared_options shared;
    bench::ledger_options_of_bench ledger;
    bench::history_options_of_bench history;
    bench::verifying_options verifying;
    std::uint64_t citizens = 1'000'000;
    std::uint64_t requests = 4'000'000;
    std::uint64_t seed = 1;
    std::string folder;
    std::string tessera;
    std::optional<double> tessera_per_second;
};

// A folder that goes with all in it.
class made_folder {
  public:
    explicit made_folder(const std::filesystem::path& in) {
        auto name = (in / "xacthuc-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw command_error{exit_code::failed, "cannot make " + name};
        path_ = name;
    }
    made_folder(const made_folder&) = delete;
    made_folder& operator=(const made_folder&) = delete;
    ~made_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  private:
    std::filesystem::path path_;
};

// All that was measured.
struct bench_result {
    bench::ledger_speed ledger;
    bench::history_speed history;
    bench::verifying_speed verifying;

    [[nodiscard]] std::uint64_t wrong_answers() const noexcept {
        return ledger.wrong_answers + history.wrong_answers + verifying.wrong_answers;
    }
};

[[nodiscard]] boost::json::object json_of(const bench_result& of, const bench_ledger_options& options) {
    const auto& [ledger, history, verifying] = of;
    std::optional<double> ratio;
    if (options.tessera_per_second) ratio = ledger.synced_per_second / *options.tessera_per_second;
    return {{"command", "bench ledger"},
            {"rows_per_second", ledger.rows_per_second},
            {"synced_per_second", ledger.synced_per_second},
            {"sync_seconds_max", ledger.sync_seconds_max},
            {"tessera_entries_per_second", number_or_null(options.tessera_per_second)},
            {"tessera_ratio", number_or_null(ratio)},
            {"bytes_per_row", ledger.bytes_per_row},
            {"bytes_per_access", history.bytes_per_access},
            {"receipt_bytes", ledger.receipt_bytes},
            {"receipt_make_us", ledger.receipt_make_us},
            {"receipt_check_us", ledger.receipt_check_us},
            {"history_us", history.warm_us},
            {"history_cold_us", history.cold_us},
            {"history_accesses", history.accesses_found},
            {"verify_ratio", verifying.ratio},
            {"verify_per_second", verifying.with_per_second},
            {"verify_without_per_second", verifying.without_per_second},
            {"rows", options.ledger.rows},
            {"batch", options.ledger.batch_rows},
            {"wrong_answers", of.wrong_answers()}};
}

void print_table(const bench_result& of, const bench_ledger_options& options) {
    const auto& [ledger, history, verifying] = of;
    std::string text;
    const auto row = [&](const char* what, double value, const char* unit) {
        put(text, "  {:<52}{:>16.2f} {}\n", what, value, unit);
    };
    put(text, "{} rows in calls of {}\n", grouped(options.ledger.rows), grouped(options.ledger.batch_rows));
    row("rows hashed, on one core", ledger.rows_per_second / 1e6, "M/s");
    row("rows entered, hashed and synced, on two cores", ledger.synced_per_second / 1e6, "M/s");
    row("the longest wait for the disk", ledger.sync_seconds_max * 1e3, "ms");
    if (options.tessera_per_second) {
        row("entries of Tessera", *options.tessera_per_second, "/s");
        row("our rows to these", ledger.synced_per_second / *options.tessera_per_second, "times");
    }
    row("requests verified without a ledger", verifying.without_per_second / 1e6, "M/s");
    row("with one, hashed and synced on the other core", verifying.with_per_second / 1e6, "M/s");
    row("the second to the first", verifying.ratio, "");
    row("a row, sealed", ledger.bytes_per_row, "bytes");
    row("a row, sorted by citizen besides", history.bytes_per_access, "bytes");
    row("a receipt of a log of 2^30 entries", ledger.receipt_bytes, "bytes");
    row("a receipt, made", ledger.receipt_make_us, "µs");
    row("a receipt, checked", ledger.receipt_check_us, "µs");
    row("a citizen's five years, from memory", history.warm_us, "µs");
    row("a citizen's five years, from the disk", history.cold_us, "µs");
    put(text, "  {:<52}{:>16}\n", "wrong answers", grouped(of.wrong_answers()));
    print_text(text);
}

[[nodiscard]] bench::verifying_speed measure_verifying(const bench_ledger_options& options) {
    const auto nation = plant_nation(options.seed, options.citizens, options.requests, options.shared.threads);
    return bench::measure_verifying(nation.index, nation.requests, nation.expected, options.verifying);
}

[[nodiscard]] exit_code run_bench_ledger(bench_ledger_options options) {
    const made_folder folder{options.folder.empty() ? std::filesystem::temp_directory_path()
                                                    : std::filesystem::path{options.folder}};
    options.ledger.folder = folder.path();
    options.history.folder = folder.path();
    options.verifying.folder = folder.path();
    options.tessera_per_second = rate_told_by(options.tessera);
    stop_if_interrupted();
    bench_result of;
    of.ledger = bench::measure_ledger(options.ledger);
    stop_if_interrupted();
    of.history = bench::measure_history(options.history);
    stop_if_interrupted();
    of.verifying = measure_verifying(options);
    if (options.shared.json)
        print_json(json_of(of, options));
    else
        print_table(of, options);
    return of.wrong_answers() == 0 ? exit_code::done : exit_code::wrong_answers;
}

}  // namespace

void add_bench_ledger(CLI::App& app, exit_code& status) {
    const auto [bench, options] = add_command<bench_ledger_options>(
        app, status, "ledger", "Measure what a ledger takes and makes durable", run_bench_ledger);
    add_count(*bench, "-r,--rows", options->ledger.rows, "Rows that are entered and made durable [20M]")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 32));
    add_count(*bench, "--history-rows", options->history.rows_a_month,
              "Accesses a month, for five years, of histories [1M]")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 28));
    add_count(*bench, "-n,--citizens", options->citizens,
              "Citizens about whom is asked, with and without a ledger [1M]");
    add_count(*bench, "--requests", options->requests, "Requests a round [4M]")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 30));
    add_seed(*bench, options->seed);
    bench->add_option("--batch", options->ledger.batch_rows, "Rows a call")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 16))
        ->capture_default_str();
    bench->add_option("--folder", options->folder, "Where the ledgers are made and removed [the temporary folder]");
    bench
        ->add_option("--tessera", options->tessera,
                     "A command that prints how many entries Tessera takes a second, as bench/ledgers/tessera does")
        ->type_name("COMMAND");
    add_shared(*bench, options->shared);
    bench->footer(
        "One thread enters rows, two hash them, and one of these makes them durable. All rows are hashed again "
        "afterwards;\n"
        "any that is not as it was entered makes the exit code 4. Verifying is measured with a queue that has room for "
        "a round.\n"
        "Examples:\n"
        "  xacthuc bench ledger\n"
        "  xacthuc bench ledger --tessera bench/ledgers/tessera --json\n");
}

}  // namespace xacthuc::cli
