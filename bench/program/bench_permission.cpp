// SPDX-License-Identifier: Apache-2.0
// xacthuc bench permission: what policy and guards cost, beside others that decide such things.
#include <array>
#include <boost/json/object.hpp>
#include <optional>

#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/shared_options.hpp"
#include "permission/bench_policy.hpp"
#include "permission/measure_permission.hpp"
#include "program/bench_commands.hpp"
#include "program/planted_nation.hpp"
#include "program/told_rate.hpp"

namespace xacthuc::cli {
namespace {

struct bench_permission_options {
    shared_options shared;
    std::uint64_t citizens = 10'000'000;
    std::uint64_t requests = 4'000'000;
    std::uint64_t seed = 1;
    bench::policy_size size;
    bench::permission_options measure;
    std::string cedar;
    std::string governor;
};

[[nodiscard]] boost::json::object json_of(const bench::permission_rates& rates) {
    return {{"bare_per_second", rates.bare_per_second},
            {"policy_per_second", rates.policy_per_second},
            {"policy_guards_per_second", rates.guarded_per_second},
            {"policy_ratio", rates.policy_ratio},
            {"guards_ratio", rates.guarded_ratio}};
}

[[nodiscard]] std::uint64_t wrong_answers_of(const bench::permission_speed& speed) {
    return speed.by_agency.wrong_answers + speed.several.wrong_answers + speed.mixed.wrong_answers;
}

struct told_rates {
    std::optional<double> cedar;
    std::optional<double> governor;
};

[[nodiscard]] boost::json::object json_of(const bench::permission_speed& speed, const told_rates& others,
                                          const bench_permission_options& options) {
    auto all = json_of(speed.by_agency);
    all["cedar_per_second"] = number_or_null(others.cedar);
    all["governor_per_second"] = number_or_null(others.governor);
    all["wrong_answers"] = wrong_answers_of(speed);
    all["several"] = json_of(speed.several);
    all["mixed"] = json_of(speed.mixed);
    all["decisions_per_second"] = speed.decisions_per_second;
    all["swap_slowdown"] = speed.swap_slowdown;
    all["guards_bytes"] = speed.guards_bytes;
    all["citizens"] = options.citizens;
    all["requests"] = options.requests;
    all["command"] = "bench permission";
    return all;
}

void print_rates(std::string& text, std::string_view what, const bench::permission_rates& rates) {
    put(text, "{}\n", what);
    const auto row = [&](std::string_view name, double rate, double ratio) {
        put(text, "  {:<40}{:>14}/s{:>9.3f}\n", name, grouped(static_cast<std::uint64_t>(rate)), ratio);
    };
    row("without policy", rates.bare_per_second, 1);
    row("with policy", rates.policy_per_second, rates.policy_ratio);
    row("with policy and all guards", rates.guarded_per_second, rates.guarded_ratio);
}

void print_table(const bench::permission_speed& speed, const told_rates& others,
                 const bench_permission_options& options) {
    std::string text;
    put(text, "{} citizens, {} requests a round, one thread\n", grouped(options.citizens), grouped(options.requests));
    print_rates(text, "batches of one agency and one procedure", speed.by_agency);
    print_rates(text, "batches of one agency and four procedures, in random order", speed.several);
    print_rates(text, "every request of any agency and procedure", speed.mixed);
    put(text, "  {:<40}{:>14}/s\n", "decisions of policy alone",
        grouped(static_cast<std::uint64_t>(speed.decisions_per_second)));
    if (others.cedar)
        put(text, "  {:<40}{:>14}/s{:>9.0f} times\n", "decisions of Cedar",
            grouped(static_cast<std::uint64_t>(*others.cedar)), speed.decisions_per_second / *others.cedar);
    if (others.governor)
        put(text, "  {:<40}{:>14}/s\n", "quotas of governor", grouped(static_cast<std::uint64_t>(*others.governor)));
    put(text, "  {:<40}{:>16.2f}\n", "slowest batches while policies change", speed.swap_slowdown);
    put(text, "  {:<40}{:>16}\n", "memory of the guards", bytes_text(speed.guards_bytes));
    put(text, "  {:<40}{:>16}\n", "wrong answers", grouped(wrong_answers_of(speed)));
    print_text(text);
}

[[nodiscard]] exit_code run_bench_permission(const bench_permission_options& options) {
    auto nation = plant_nation(options.seed, options.citizens, options.requests, options.shared.threads);
    const auto policy =
        std::make_shared<const policy_table>(policy_table::compile(bench::make_bench_policy(options.size)).value());
    const auto speed = bench::measure_permission(nation.index, nation.requests, policy, options.size.agencies,
                                                 options.size.procedures, options.measure);
    const told_rates others{rate_told_by(options.cedar), rate_told_by(options.governor)};
    if (options.shared.json)
        print_json(json_of(speed, others, options));
    else
        print_table(speed, others, options);
    return wrong_answers_of(speed) == 0 ? exit_code::done : exit_code::wrong_answers;
}

}  // namespace

void add_bench_permission(CLI::App& app, exit_code& status) {
    auto* const bench = app.add_subcommand("permission", "Measure what policy and guards cost");
    const auto options = std::make_shared<bench_permission_options>();
    add_count(*bench, "-n,--citizens", options->citizens, "Citizens [10M]");
    add_count(*bench, "-r,--requests", options->requests, "Requests a round, of every kind [4M]");
    bench->add_option("--rounds", options->measure.rounds, "Rounds whose medians are printed")
        ->check(CLI::Range(1U, 1'000U))
        ->capture_default_str();
    add_seed(*bench, options->seed);
    bench->add_option("--cedar", options->cedar, "A command that prints how many such decisions Cedar makes a second")
        ->type_name("COMMAND");
    bench->add_option("--governor", options->governor, "A command that prints how many quotas governor checks a second")
        ->type_name("COMMAND");
    add_shared(*bench, options->shared);
    bench->footer(
        "The index is built with all threads; what is measured runs on one. Answers with policy and guards are "
        "compared\n"
        "with those without; any other makes the exit code 4.\n"
        "Examples:\n"
        "  xacthuc bench permission\n"
        "  xacthuc bench permission -n 1M --rounds 5 --json\n");
    bench->callback([options, &status] { status = run_bench_permission(*options); });
}

}  // namespace xacthuc::cli
