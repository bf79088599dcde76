// SPDX-License-Identifier: Apache-2.0
// xacthuc bench ed25519: how fast each way of verifying signatures is beside libsodium, for one kernel or for several.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/shared_options.hpp"
#include "ed25519/kernel_list.hpp"
#include "program/bench_commands.hpp"
#include "signatures/measure_signatures.hpp"

namespace xacthuc::cli {
namespace {

constexpr auto all_kernels_word = "all";

struct bench_ed25519_options {
    bool json = false;
    std::vector<std::string> isas;
    ed25519::measure_options measure;
};

[[nodiscard]] std::vector<const ed25519::kernel*> wanted_kernels(const std::vector<std::string>& isas) {
    if (isas.empty()) return {&ed25519::current_kernel()};
    std::vector<const ed25519::kernel*> wanted;
    for (const auto& isa : isas) {
        if (isa == all_kernels_word) {
            for (const auto* const one : ed25519::compiled_kernels())
                if (one->runs_here()) wanted.push_back(one);
            continue;
        }
        const auto* const one = ed25519::find_kernel(isa);
        if (one == nullptr)
            throw command_error{exit_code::usage, "this build or this processor has no such kernel: --isa " + isa};
        wanted.push_back(one);
    }
    return wanted;
}

[[nodiscard]] boost::json::object json_of(const ed25519::measurement& m) {
    boost::json::object paths;
    for (const auto& path : m.paths) paths[path.name] = {{"per_second", path.per_second}, {"ratio", path.ratio}};
    return {{"isa", m.isa},
            {"libsodium_per_second", m.libsodium_per_second},
            {"paths", paths},
            {"disagreements", m.disagreements},
            {"sha512_cycles_per_message", m.sha512_cycles_per_message},
            {"core_hertz", m.core_hertz}};
}

void print_table(const ed25519::measurement& m) {
    std::string text;
    put(text, "{}, beside libsodium with {} signatures/s\n", m.isa, rounded(m.libsodium_per_second));
    for (const auto& path : m.paths)
        put(text, "  {:<44}{:>12}/s{:>10.2f} x\n", path.name, grouped(static_cast<std::uint64_t>(path.per_second)),
            path.ratio);
    put(text, "  {:<44}{:>12.0f} cycles\n", "SHA-512 of one block", m.sha512_cycles_per_message);
    put(text, "  {:<44}{:>12}\n", "disagreements with libsodium", m.disagreements);
    print_text(text);
}

[[nodiscard]] exit_code run_bench_ed25519(const bench_ed25519_options& options) {
    boost::json::array all;
    std::size_t disagreements = 0;
    for (const auto* const kernel : wanted_kernels(options.isas)) {
        stop_if_interrupted();
        const auto result = ed25519::measure(*kernel, options.measure);
        disagreements += result.disagreements;
        if (!options.json) print_table(result);
        all.emplace_back(json_of(result));
    }
    if (options.json)
        print_json(all.size() == 1 ? all[0].as_object()
                                   : boost::json::object{{"kernels", all}, {"disagreements", disagreements}});
    return disagreements == 0 ? exit_code::done : exit_code::wrong_answers;
}

}  // namespace

void add_bench_ed25519(CLI::App& app, exit_code& status) {
    const auto [bench, options] = add_command<bench_ed25519_options>(
        app, status, "ed25519", "Measure the verification of signatures, beside libsodium", run_bench_ed25519);
    add_json(*bench, options->json);
    bench
        ->add_option("--isa", options->isas,
                     "portable, avx2, avx512ifma or all; several times for several [the one in use]")
        ->type_name("ISA")
        ->allow_extra_args(false);
    bench->add_option("--rounds", options->measure.round_count, "Rounds whose medians are printed")
        ->check(CLI::Range(1U, 1'000'000U))
        ->capture_default_str();
    bench->add_option("--message-bytes", options->measure.message_bytes, "Length of the messages")
        ->check(CLI::Range(std::size_t{0}, std::size_t{1} << 20))
        ->capture_default_str();
    bench->add_option("--batch", options->measure.batch_items, "Signatures a batch")
        ->check(CLI::Range(std::size_t{64}, std::size_t{1} << 16))
        ->capture_default_str();
    bench->footer(
        "comb: registered keys, 64 of them, with combs of 8 bits (comb_7 and so on: of fewer); comb_one_key: of one\n"
        "key; generic: every signature by another key, never seen before; batch_8: the same, 8 at a time; single: one\n"
        "signature by a registered key; single_generic: one by a key never seen before. Every path also answers a "
        "batch\n"
        "with flipped bits; where it does not agree with libsodium the exit code is 4.\n"
        "Examples:\n"
        "  xacthuc bench ed25519 --json\n"
        "  xacthuc bench ed25519 --isa all --rounds 21\n");
}

}  // namespace xacthuc::cli
