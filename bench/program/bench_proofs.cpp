// SPDX-License-Identifier: Apache-2.0
// xacthuc bench proofs: the engine with holder and agency proofs, beside the signatures alone and the claims alone.
#include <boost/json/object.hpp>
#include <memory>

#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/shared_options.hpp"
#include "cli/streams/nation_records.hpp"
#include "ed25519/kernel_list.hpp"
#include "population/signed_requests.hpp"
#include "program/bench_commands.hpp"
#include "signatures/measure_proofs.hpp"

namespace xacthuc::cli {
namespace {

struct bench_proofs_options {
    shared_options shared;
    std::uint64_t citizens = 10'000'000;
    std::uint64_t keys = 100'000;
    std::uint64_t seed = 1;
    std::string isa;
    proof_measure_options measure;
};

[[nodiscard]] const ed25519::kernel& wanted_kernel(const std::string& isa) {
    if (isa.empty()) return ed25519::current_kernel();
    const auto* const found = ed25519::find_kernel(isa);
    if (found == nullptr)
        throw command_error{exit_code::usage, "this build or this processor has no such kernel: --isa " + isa};
    return *found;
}

[[nodiscard]] boost::json::object json_of(const proof_speed& speed, const bench_proofs_options& options) {
    return {{"command", "bench proofs"},
            {"citizens", options.citizens},
            {"keys", options.keys},
            {"kernel", speed.claims_kernel},
            {"isa", speed.signature_kernel},
            {"holder_proofs_per_second", speed.holder_per_second},
            {"signatures_alone_per_second", speed.signatures_per_second},
            {"holder_ratio", speed.holder_ratio},
            {"agency_proofs_per_second", speed.agency_per_second},
            {"claims_alone_per_second", speed.claims_per_second},
            {"agency_ratio", speed.agency_ratio},
            {"batch", options.measure.batch_items},
            {"wrong_answers", speed.wrong_answers}};
}

void print_table(const proof_speed& speed, const bench_proofs_options& options) {
    std::string text;
    put(text, "{} citizens, {} distinct keys, batches of {}, one thread, kernels {} and {}\n",
        grouped(options.citizens), grouped(options.keys), grouped(options.measure.batch_items), speed.claims_kernel,
        speed.signature_kernel);
    const auto row = [&](const char* what, double per_second) {
        put(text, "  {:<44}{:>14}/s\n", what, grouped(static_cast<std::uint64_t>(per_second)));
    };
    row("requests with holder proofs", speed.holder_per_second);
    row("their signatures alone", speed.signatures_per_second);
    put(text, "  {:<44}{:>14.3f}\n", "the first to the second", speed.holder_ratio);
    row("requests with an agency proof a batch", speed.agency_per_second);
    row("the same without proofs", speed.claims_per_second);
    put(text, "  {:<44}{:>14.3f}\n", "the first to the second", speed.agency_ratio);
    put(text, "  {:<44}{:>14}\n", "wrong answers", grouped(speed.wrong_answers));
    print_text(text);
}

[[nodiscard]] exit_code run_bench_proofs(const bench_proofs_options& options) {
    const auto& signatures = wanted_kernel(options.isa);
    const auto nation = nation_of(options.seed, options.citizens);
    const auto digests = digest_key::generate();
    const key_pool pool{options.seed, options.keys};
    const auto index = index_of_nation(nation, &pool, digests, options.shared.threads);
    // A batch of each way and round, so that none is met twice.
    const auto count = 3 * options.measure.round_count * options.measure.batch_items;
    const auto asked = make_signed_requests(nation, pool, digests, count, options.seed);
    stop_if_interrupted();
    const auto speed =
        measure_proofs({kernels::chosen(), signatures}, index, asked.requests, asked.proofs, options.measure);
    if (options.shared.json) {
        print_json(json_of(speed, options));
    } else {
        print_table(speed, options);
    }
    return speed.wrong_answers == 0 ? exit_code::done : exit_code::wrong_answers;
}

}  // namespace

void add_bench_proofs(CLI::App& app, exit_code& status) {
    const auto [bench, options] = add_command<bench_proofs_options>(
        app, status, "proofs", "Measure requests with holder and agency proofs", run_bench_proofs);
    add_count(*bench, "-n,--citizens", options->citizens, "Citizens [10M]");
    add_count(*bench, "--keys", options->keys,
              "Distinct keys that the accounts share, 50 µs each; a comb is never made for one of them [100k]")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 32));
    add_seed(*bench, options->seed);
    bench->add_option("--isa", options->isa, "Kernel of the signatures: portable, avx2 or avx512ifma [the one in use]")
        ->type_name("ISA");
    bench->add_option("--rounds", options->measure.round_count, "Rounds whose medians are printed")
        ->check(CLI::Range(1U, 10'000U))
        ->capture_default_str();
    bench->add_option("--batch", options->measure.batch_items, "Requests a batch")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 20))
        ->capture_default_str();
    add_shared(*bench, options->shared);
    bench->footer(
        "The index is built with all threads; what is measured runs on one, by its CPU time. Any answer but verified\n"
        "makes the exit code 4.\n"
        "Examples:\n"
        "  xacthuc bench proofs\n"
        "  xacthuc bench proofs -n 1M --rounds 5 --json\n");
}

}  // namespace xacthuc::cli
