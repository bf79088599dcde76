// SPDX-License-Identifier: Apache-2.0
// xacthuc bench live: the register while it changes.
#include <boost/json/object.hpp>
#include <filesystem>

#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/shared_options.hpp"
#include "live/live_bench.hpp"
#include "program/bench_commands.hpp"

namespace xacthuc::cli {
namespace {

struct bench_live_options {
    shared_options shared;
    bench::live_options live;
    std::string folder;
};

// A folder of the bench's own, gone with all in it at the end.
class bench_folder {
  public:
    explicit bench_folder(const std::filesystem::path& in) {
        std::string name = (in / "xacthuc-live-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw system_failure(errno, name);
        path_ = name;
    }
    bench_folder(const bench_folder&) = delete;
    bench_folder& operator=(const bench_folder&) = delete;
    ~bench_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

[[nodiscard]] boost::json::object json_of(const bench::live_result& r, const bench::live_options& options) {
    return {{"command", "bench live"},
            {"citizens", options.citizens},
            {"readers", options.readers},
            {"quiet_per_second", r.quiet_per_second},
            {"live_per_second", r.live_per_second},
            {"ratio", r.ratio},
            {"changes_per_second", r.changes_per_second},
            {"durable_changes_per_second", r.durable_changes_per_second},
            {"fsync_per_second", r.fsync_per_second},
            {"torn", r.torn},
            {"stale", r.stale},
            {"looks", r.looks},
            {"wrong_answers", r.wrong_answers},
            {"p999_quiet_us", r.p999_quiet_us},
            {"p999_live_us", r.p999_live_us},
            {"p999_checkpoint_us", r.p999_checkpoint_us},
            {"checkpoint_seconds", r.checkpoint_seconds},
            {"checkpoint_per_second", r.checkpoint_per_second},
            {"upserts_per_second", r.upserts_per_second},
            {"apply_p50_us", r.apply_p50_us},
            {"apply_p99_us", r.apply_p99_us},
            {"fsync_p50_us", r.fsync_p50_us},
            {"fsync_p99_us", r.fsync_p99_us},
            {"load_seconds", r.load_seconds},
            {"reopen_seconds", r.reopen_seconds}};
}

void print_table(const bench::live_result& r, const bench::live_options& options) {
    std::string text;
    put(text, "{} citizens, {} readers, batches of 1,000 requests, medians of {} rounds\n", grouped(options.citizens),
        options.readers, options.rounds);
    const auto rate = [&](const char* what, double per_second, const char* unit) {
        put(text, "  {:<52}{:>10} {}\n", what, rounded(per_second), unit);
    };
    rate("requests verified, nothing changing", r.quiet_per_second, "/s");
    rate("the same beside a writer", r.live_per_second, "/s");
    put(text, "  {:<52}{:>10.3f}\n", "the second to the first", r.ratio);
    rate("changes that the writer made meanwhile", r.changes_per_second, "/s");
    put(text, "  {:<52}{:>10.0f} us, {:.0f} us beside the writer\n", "p99.9 of a batch", r.p999_quiet_us,
        r.p999_live_us);
    rate("changes in memory, one thread, nobody reading", r.upserts_per_second, "/s");
    rate(fmt::format("durable changes, batches of {}", grouped(options.durable_batch)).c_str(),
         r.durable_changes_per_second, "/s");
    rate("syncs of the disk meanwhile", r.fsync_per_second, "/s");
    put(text, "  {:<52}{:>10.0f} us, p99 {:.0f} us\n", "a durable batch, median", r.apply_p50_us, r.apply_p99_us);
    put(text, "  {:<52}{:>10.0f} us, p99 {:.0f} us\n", "a sync, median", r.fsync_p50_us, r.fsync_p99_us);
    put(text, "  {:<52}{:>10.2f} s\n", "a checkpoint under readers", r.checkpoint_seconds);
    rate("requests verified beside it", r.checkpoint_per_second, "/s");
    put(text, "  {:<52}{:>10.0f} us\n", "p99.9 of a batch beside it", r.p999_checkpoint_us);
    put(text, "  {:<52}{:>10.2f} s, and {:.2f} s to load\n",
        fmt::format("{} changes replayed after a crash", grouped(options.durable_changes)), r.reopen_seconds,
        r.load_seconds);
    put(text, "  torn {}, stale {} of {} looked up; wrong answers {}\n", r.torn, r.stale, grouped(r.looks),
        r.wrong_answers);
    print_text(text);
}

[[nodiscard]] exit_code run_bench_live(bench_live_options options) {
    auto& live = options.live;
    if (live.rounds == 0 || live.durable_batch == 0 || live.changing == 0 || live.changes_per_second == 0)
        throw command_error{exit_code::usage, "--rounds, --batch, --changing and --rate are at least 1"};
    live.threads = options.shared.threads;
    if (live.readers == 0) live.readers = std::max(1U, options.shared.threads - 1);
    const bench_folder folder{options.folder.empty() ? std::filesystem::temp_directory_path()
                                                     : std::filesystem::path{options.folder}};
    live.folder = folder.path();
    live.report = [](std::string_view, std::uint64_t, std::uint64_t) { stop_if_interrupted(); };
    const auto result = take(bench::run_live_bench(live));
    if (options.shared.json)
        print_json(json_of(result, live));
    else
        print_table(result, live);
    return result.torn + result.stale + result.wrong_answers == 0 ? exit_code::done : exit_code::wrong_answers;
}

}  // namespace

void add_bench_live(CLI::App& app, exit_code& status) {
    const auto [live, options] = add_command<bench_live_options>(
        app, status, "live", "Measure the register while it changes, and what is durable of it", run_bench_live);
    options->live.readers = 0;
    add_count(*live, "-n,--citizens", options->live.citizens, "Citizens [10M]");
    add_count(*live, "--changing", options->live.changing, "How many of them change [1M]");
    add_count(*live, "--rate", options->live.changes_per_second, "The writer's changes a second [200k]");
    add_count(*live, "--durable", options->live.durable_changes, "Durable changes to make [1M]");
    add_count(*live, "--batch", options->live.durable_batch, "Of them become durable together [1000]")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000}));
    live->add_option("--readers", options->live.readers, "Threads that verify [one less than --threads, but one]");
    live->add_option("--rounds", options->live.rounds, "Rounds, each quiet and live, whose medians are printed")
        ->capture_default_str();
    live->add_option("--round-seconds", options->live.round_seconds, "Length of each half of a round")
        ->check(CLI::Range(0.01, 60.0))
        ->capture_default_str();
    add_seed(*live, options->live.seed);
    live->add_option("--folder", options->folder, "Where the registry is made and removed [the temporary folder]");
    add_shared(*live, options->shared);
    live->footer(
        "Readers look at changing citizens too: an answer that mixes two changes is torn, one older than a change "
        "that\n"
        "was made before it was asked is stale; any of either makes the exit code 4.\n"
        "Examples:\n"
        "  xacthuc bench live\n"
        "  xacthuc bench live -n 107M --folder /data --json\n");
}

}  // namespace xacthuc::cli
