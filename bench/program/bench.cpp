// SPDX-License-Identifier: Apache-2.0
// xacthuc bench: the main job from end to end, beside the machine's ceiling and other hash tables.
#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>

#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/output_file.hpp"
#include "cli/output/progress.hpp"
#include "cli/shared_options.hpp"
#include "population/population.hpp"
#include "program/bench_commands.hpp"
#include "whole/whole_bench.hpp"

namespace xacthuc::cli {
namespace {

struct bench_options {
    shared_options shared;
    bench::whole_options whole;
    std::string snapshot_folder;
    std::string html_file;
    bool no_snapshot = false;
    bool no_peers = false;
};

// Shows each stage of the bench as a line of its own.
class stage_lines {
  public:
    void show(std::string_view stage, std::uint64_t done, std::uint64_t total) {
        stop_if_interrupted();
        if (stage != stage_) {
            bar_.reset();
            stage_ = stage;
            shown_ = 0;
            bar_ = std::make_unique<progress>(stage_, "", total);
        }
        if (done > shown_) bar_->add(done - shown_);
        shown_ = std::max(done, shown_);
    }

  private:
    std::string stage_;
    std::uint64_t shown_ = 0;
    std::unique_ptr<progress> bar_;
};

[[nodiscard]] boost::json::object json_of(const bench::rate_pair& pair) {
    return {{"verify_per_second", pair.verify_per_second},
            {"ceiling_per_second", pair.ceiling_per_second},
            {"ratio", pair.ratio}};
}

[[nodiscard]] boost::json::object json_of(const bench::whole_result& r) {
    boost::json::object peers;
    for (const auto& [name, rate] : r.peers) peers[name] = rate;
    boost::json::object outcomes;
    for (const auto& [what, times] : r.outcomes) outcomes[to_string(what)] = times;
    const auto seconds = [](const std::optional<double>& value) {
        return value ? boost::json::value(*value) : boost::json::value(nullptr);
    };
    return {{"citizens", r.citizens},
            {"requests", r.requests},
            {"threads", r.threads},
            {"verify_per_second", r.all_threads.verify_per_second},
            {"ceiling_per_second", r.all_threads.ceiling_per_second},
            {"ratio", r.all_threads.ratio},
            {"wrong_answers", r.wrong_answers},
            {"bytes_per_citizen", r.bytes_per_citizen},
            {"load_seconds", seconds(r.load_seconds)},
            {"peers", peers},
            {"one_thread", json_of(r.one_thread)},
            {"scaling", r.scaling},
            {"unknown_per_second", r.unknown_per_second},
            {"half_unknown_per_second", r.half_unknown_per_second},
            {"unknown_to_known", r.unknown_to_known},
            {"job_per_second", r.job_per_second},
            {"job_seconds", r.job_seconds},
            {"distinct_requests", r.distinct_requests},
            {"ratio_to_fastest_peer", r.ratio_to_fastest_peer},
            {"make_seconds", r.make_seconds},
            {"build_seconds", r.build_seconds},
            {"save_seconds", seconds(r.save_seconds)},
            {"kernel", r.engine_kernel},
            {"outcomes", outcomes}};
}

void put_rates(std::string& text, const char* what, const bench::rate_pair& pair) {
    put(text, "  {:<44}{:>8.1f} M/s   {:>5.3f} of the ceiling, {:.1f} M/s\n", what, pair.verify_per_second / 1e6,
        pair.ratio, pair.ceiling_per_second / 1e6);
}

void print_table(const bench::whole_result& r) {
    std::string text;
    put(text, "{} citizens, {} requests ({} of them distinct), {} threads, kernel {}\n\n", grouped(r.citizens),
        grouped(r.requests), grouped(r.distinct_requests), r.threads, r.engine_kernel);
    put(text, "The standard question (name, birth date, sex, life status):\n");
    put_rates(text, "one thread", r.one_thread);
    put_rates(text, fmt::format("{} threads, {:.2f} times one", r.threads, r.scaling).c_str(), r.all_threads);
    put(text, "  {:<44}{:>8.1f} M/s   {:>5.2f} of the rate of known ones\n", "one thread, numbers that nobody has",
        r.unknown_per_second / 1e6, r.unknown_to_known);
    put(text, "  {:<44}{:>8.1f} M/s\n", "one thread, half of them such numbers", r.half_unknown_per_second / 1e6);
    for (const auto& [name, rate] : r.peers)
        put(text, "  {:<44}{:>8.1f} M/s   xacthuc is {:.1f} times as fast\n", name, rate / 1e6,
            r.all_threads.verify_per_second / rate);
    put(text, "\nThe main job, requests of every kind:\n");
    put(text, "  {:<44}{:>8.1f} M/s   {:.2f} s of verification\n", "verified", r.job_per_second / 1e6, r.job_seconds);
    for (const auto& [what, times] : r.outcomes)
        put(text, "    {:>3} {:<38}{:>16}   {:>6.2f} %\n", static_cast<unsigned>(what), to_string(what), grouped(times),
            100.0 * static_cast<double>(times) / static_cast<double>(r.requests));
    put(text, "\n  {:<44}{:>8.2f}\n", "bytes a citizen, everything counted", r.bytes_per_citizen);
    put(text, "  {:<44}{:>8.2f} s\n", "people made", r.make_seconds);
    put(text, "  {:<44}{:>8.2f} s\n", "index built", r.build_seconds);
    if (r.save_seconds) put(text, "  {:<44}{:>8.2f} s\n", "snapshot saved and synced", *r.save_seconds);
    if (r.load_seconds) put(text, "  {:<44}{:>8.2f} s\n", "snapshot loaded, to the first answer", *r.load_seconds);
    put(text, "\n  wrong answers: {}\n", grouped(r.wrong_answers));
    print_text(text);
}

[[nodiscard]] exit_code run_bench(bench_options options) {
    auto& whole = options.whole;
    whole.threads = options.shared.threads;
    whole.with_peers = !options.no_peers;
    if (whole.requests == 0 || whole.distinct_requests == 0 || whole.rounds == 0)
        throw command_error{exit_code::usage, "--requests, --distinct and --rounds are at least 1"};
    if (whole.citizens == 0 || whole.citizens > population::count_max)
        throw command_error{exit_code::usage, fmt::format("a population has 1 to {} citizens: --citizens {}",
                                                          population::count_max, whole.citizens)};
    if (!options.no_snapshot)
        whole.snapshot_folder = options.snapshot_folder.empty() ? std::filesystem::temp_directory_path()
                                                                : std::filesystem::path{options.snapshot_folder};
    bench::whole_result result;
    {
        stage_lines lines;
        whole.report = [&](std::string_view stage, std::uint64_t done, std::uint64_t total) {
            lines.show(stage, done, total);
        };
        result = take(bench::run_whole_bench(whole));
    }
    if (options.shared.json)
        print_json(json_of(result));
    else
        print_table(result);
    if (!options.html_file.empty()) {
        output_file page{options.html_file};
        page.write(bench::html_report(result));
        page.commit();
        say("report: {}", options.html_file);
    }
    return result.wrong_answers == 0 ? exit_code::done : exit_code::wrong_answers;
}

}  // namespace

void add_bench(CLI::App& app, exit_code& status) {
    auto* const bench = app.add_subcommand(
        "bench",
        "Measure the main job, beside the machine's ceiling and other hash tables; or what a subcommand names");
    const auto options = std::make_shared<bench_options>();
    add_count(*bench, "-n,--citizens", options->whole.citizens, "Citizens [10M]");
    add_count(*bench, "-r,--requests", options->whole.requests, "Requests of the main job [200M]");
    add_count(*bench, "--distinct", options->whole.distinct_requests,
              "Distinct requests held in memory, 48 bytes each; beyond them the same are asked again [16M]");
    bench->add_option("--rounds", options->whole.rounds, "Rounds whose medians are printed")->capture_default_str();
    add_seed(*bench, options->whole.seed);
    bench->add_option("--snapshot", options->snapshot_folder,
                      "Folder for the snapshot that is saved, loaded and removed [the temporary folder]");
    bench->add_flag("--no-snapshot", options->no_snapshot, "Ask the index as it was built; load_seconds is then null");
    bench->add_flag("--no-peers", options->no_peers, "Leave out the other hash tables");
    bench->add_option("--html", options->html_file, "Also write the result as a page to look at");
    add_shared(*bench, options->shared);
    bench->footer(
        "Every answer is compared with the planted one, outside of the time measured; any wrong one makes the exit "
        "code 4.\n"
        "Examples:\n"
        "  xacthuc bench\n"
        "  xacthuc bench -n 107M -r 2100M --snapshot . --html nation.html\n"
        "  xacthuc bench -n 1M -r 10M --no-peers --json\n");
    for (const auto add : bench_subcommands) add(*bench, status);
    bench->callback([bench, options, &status] {
        // Called after the callback of a subcommand too.
        if (bench->get_subcommands().empty()) status = run_bench(*options);
    });
}

}  // namespace xacthuc::cli
