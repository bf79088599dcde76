// SPDX-License-Identifier: Apache-2.0
// xacthuc bench service: what a question over HTTP costs the service's process.
#include <boost/json/object.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <xacthuc/registry/registry.hpp>

#include "cli/output/figures.hpp"
#include "cli/shared_options.hpp"
#include "cli/streams/nation_records.hpp"
#include "program/bench_commands.hpp"
#include "service/measure_service.hpp"

namespace xacthuc::cli {
namespace {

struct bench_service_options {
    shared_options shared;
    std::uint64_t citizens = 1'000'000;
    std::uint64_t seed = 1;
    bench::service_options measure;
};

// A folder that goes with its owner.
class bench_registry {
  public:
    bench_registry() {
        std::string path = (std::filesystem::temp_directory_path() / "xacthuc-bench-XXXXXX").string();
        if (::mkdtemp(path.data()) == nullptr) throw command_error{exit_code::failed, "cannot make " + path};
        path_ = path;
    }
    bench_registry(const bench_registry&) = delete;
    bench_registry& operator=(const bench_registry&) = delete;
    ~bench_registry() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::filesystem::path registry() const { return path_ / "register"; }

  private:
    std::filesystem::path path_;
};

void print_table(const bench::service_speed& speed, const bench_service_options& options) {
    std::string text;
    put(text, "{} citizens; processor time of the service's process, one thread\n", grouped(options.citizens));
    const auto row = [&](std::string_view what, double value, std::string_view unit) {
        put(text, "  {:<58}{:>14.2f} {}\n", what, value, unit);
    };
    const auto rate = [&](std::string_view what, double value) {
        put(text, "  {:<58}{:>14}/s\n", what, grouped(static_cast<std::uint64_t>(value)));
    };
    row("a question as JSON, one at a time on each of 64 connections", speed.single_us, "us");
    row("the same, 16 at once on each", speed.pipelined_us, "us");
    rate("questions on a schedule, half as many as above", speed.half_load_per_second);
    row("  their answers took, half of them less than", speed.half_load_p50_ms, "ms");
    row("  99 % less than", speed.half_load_p99_ms, "ms");
    row("  99.9 % less than", speed.half_load_p999_ms, "ms");
    rate("prepared requests, batches of 1,000 on one connection", speed.prepared_per_second);
    rate("the same in this process", speed.in_process_per_second);
    row("  one to the other", speed.prepared_ratio, "");
    rate("lines of JSON, one batch", speed.lines_per_second);
    row("a signed question, one at a time on each of 64 connections", speed.signed_us, "us");
    row("the same, each signature by itself", speed.signed_alone_us, "us");
    row("  one to the other", speed.signed_ratio, "");
    put(text, "  {:<58}{:>14}\n", "wrong answers", grouped(speed.wrong_answers));
    print_text(text);
}

[[nodiscard]] exit_code run_bench_service(const bench_service_options& options) {
    const auto nation = nation_of(options.seed, options.citizens);
    const auto digests = digest_key::generate();
    const auto index = index_of_nation(nation, nullptr, digests, options.shared.threads);
    const bench_registry folder;
    create_registry_options how;
    how.keeps_authority = true;
    take(registry::create(folder.registry(), index, digests, authority_key::generate(), how));
    const auto speed = bench::measure_service(folder.registry(), nation, index, digests, options.measure);
    if (options.shared.json) {
        print_json(boost::json::object{{"command", "bench service"},
                                       {"citizens", options.citizens},
                                       {"json_single_us", speed.single_us},
                                       {"json_pipelined_us", speed.pipelined_us},
                                       {"half_load_per_second", speed.half_load_per_second},
                                       {"half_load_p50_ms", speed.half_load_p50_ms},
                                       {"half_load_p99_ms", speed.half_load_p99_ms},
                                       {"half_load_p999_ms", speed.half_load_p999_ms},
                                       {"prepared_per_second", speed.prepared_per_second},
                                       {"in_process_per_second", speed.in_process_per_second},
                                       {"prepared_ratio", speed.prepared_ratio},
                                       {"lines_per_second", speed.lines_per_second},
                                       {"json_signed_us", speed.signed_us},
                                       {"json_signed_alone_us", speed.signed_alone_us},
                                       {"signed_ratio", speed.signed_ratio},
                                       {"wrong_answers", speed.wrong_answers}});
    } else {
        print_table(speed, options);
    }
    return speed.wrong_answers == 0 ? exit_code::done : exit_code::wrong_answers;
}

}  // namespace

void add_bench_service(CLI::App& app, exit_code& status) {
    auto* const bench = app.add_subcommand("service", "Measure what questions over HTTP cost the service");
    const auto options = std::make_shared<bench_service_options>();
    add_count(*bench, "-n,--citizens", options->citizens, "Citizens [1M]");
    add_count(*bench, "-q,--questions", options->measure.questions, "Questions as JSON, each way [400k]");
    add_count(*bench, "--scheduled", options->measure.scheduled, "Questions on a schedule at half load [300k]");
    add_count(*bench, "--batches", options->measure.batches, "Batches of 1,000 prepared requests [10k]");
    add_count(*bench, "--lines", options->measure.lines, "Lines of one batch [1M]");
    add_count(*bench, "--signed", options->measure.signed_questions, "Signed questions, each way [100k]");
    add_seed(*bench, options->seed);
    add_shared(*bench, options->shared);
    bench->footer(
        "The service runs in a process of its own with one thread, and what is told is that process's time,\n"
        "not the clients'. Every question is right, and an answer that says otherwise makes the exit code 4.\n"
        "Examples:\n"
        "  xacthuc bench service\n"
        "  xacthuc bench service -n 100k --json\n");
    bench->callback([options, &status] { status = run_bench_service(*options); });
}

}  // namespace xacthuc::cli
