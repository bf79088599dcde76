// SPDX-License-Identifier: Apache-2.0
// xacthuc generate: a synthetic nation as a snapshot, as a citizens file, and requests about it whose answers are
// known.
#include <algorithm>
#include <atomic>
#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "cli/citizen_columns.hpp"
#include "cli/commands.hpp"
#include "cli/figures.hpp"
#include "cli/interruption.hpp"
#include "cli/ordered_writer.hpp"
#include "cli/progress.hpp"
#include "cli/register_file.hpp"
#include "cli/request_columns.hpp"
#include "cli/shared_options.hpp"
#include "population/planted_request.hpp"
#include "population/population.hpp"

namespace xacthuc::cli {
namespace {

constexpr std::uint64_t block_size = 4096;  // citizens or requests that a thread takes at a time

struct generate_options {
    shared_options shared;
    std::uint64_t citizens = 1'000'000;
    std::uint64_t seed = 1;
    register_output out;
    std::string citizens_file;
    std::string requests_file;
    std::uint64_t requests = 1'000'000;
    std::uint64_t request_seed = 0;
};

[[nodiscard]] population make_population(const generate_options& options) {
    auto made = population::create(options.seed, options.citizens);
    if (!made)
        throw command_error{exit_code::usage, fmt::format("a population has 1 to {} citizens: --citizens {}",
                                                          population::count_max, options.citizens)};
    return std::move(*made);
}

[[nodiscard]] saved_register make_register(const population& nation, const generate_options& options) {
    const auto keys = load_or_make_keys(options.out.keys);
    auto builder = take(index_builder::create(builder_options(options.out, keys, nation.count())));
    {
        progress bar{"people", "citizens", nation.count()};
        std::atomic<std::uint64_t> next{0};
        run_threads(options.shared.threads, [&](unsigned) {
            auto appender = builder.make_appender();
            std::vector<record> records;
            for (auto first = next.fetch_add(block_size); first < nation.count(); first = next.fetch_add(block_size)) {
                stop_if_interrupted();
                records.resize(std::min(block_size, nation.count() - first));
                nation.fill_records(first, records, keys.digests);
                for (std::size_t i = 0; i < records.size(); ++i) take(appender.append(records[i], first + i));
                bar.add(records.size());
            }
        });
    }
    return build_and_save(std::move(builder), options.out, keys, options.shared.threads);
}

// A file of `count` rows, row i made by append(i, text, to).
template <class Append>
void write_rows(const std::string& path, std::uint64_t count, unsigned threads, progress& bar,
                const std::string& header, const Append& append) {
    output_file out{path};
    out.write(header);
    write_in_order((count + block_size - 1) / block_size, threads, out, [&](std::uint64_t block, std::string& to) {
        name_text text;
        const auto end = std::min(count, (block + 1) * block_size);
        for (auto i = block * block_size; i < end; ++i) append(i, text, to);
        bar.add(end - block * block_size);
    });
    out.commit();
}

void write_citizens(const population& nation, const generate_options& options) {
    progress bar{"people", "rows", nation.count()};
    std::string header;
    citizen_parser::append_header(header);
    write_rows(options.citizens_file, nation.count(), options.shared.threads, bar, header,
               [&](std::uint64_t i, name_text& text, std::string& to) {
                   citizen_parser::append_row(to, nation.citizen_at(i, text));
               });
}

void write_requests(const population& nation, const generate_options& options) {
    progress bar{"requests", "rows", options.requests};
    const planted_requests planted{nation, options.request_seed};
    std::string header;
    request_parser::append_header(header);
    write_rows(options.requests_file, options.requests, options.shared.threads, bar, header,
               [&](std::uint64_t i, name_text& text, std::string& to) {
                   const auto one = planted.at(i, text);
                   request_parser::append_row(to, one.claims, to_string(one.kind), one.expected);
               });
}

void check_options(generate_options& options) {
    if (options.out.path.empty() && options.citizens_file.empty() && options.requests_file.empty())
        throw command_error{exit_code::usage, "nothing to make: wanted --out, --csv or --requests"};
    if (options.shared.json && (options.citizens_file == "-" || options.requests_file == "-"))
        throw command_error{exit_code::usage, "--json has standard output for itself: give --csv and --requests files"};
    if (!options.out.path.empty()) check_register_output(options.out);
}

[[nodiscard]] exit_code run_generate(generate_options options) {
    check_options(options);
    const auto nation = make_population(options);
    boost::json::object result{{"command", "generate"}, {"seed", options.seed}, {"threads", options.shared.threads}};
    if (!options.out.path.empty()) {
        const auto saved = make_register(nation, options);
        say("{} citizens, seed {}: {} ({})", grouped(saved.citizens), options.seed, options.out.path,
            bytes_text(saved.file_bytes));
        result["citizens"] = saved.citizens;
        result["file"] = options.out.path;
        result["file_bytes"] = saved.file_bytes;
        result["bytes_per_citizen"] = static_cast<double>(saved.memory_bytes) / static_cast<double>(saved.citizens);
    }
    if (!options.citizens_file.empty()) {
        write_citizens(nation, options);
        say("{} citizens: {}", grouped(nation.count()), options.citizens_file);
        result["citizens"] = nation.count();
        result["csv_file"] = options.citizens_file;
    }
    if (!options.requests_file.empty()) {
        write_requests(nation, options);
        say("{} requests with the verdicts that they should get: {}", grouped(options.requests), options.requests_file);
        result["requests"] = options.requests;
        result["requests_file"] = options.requests_file;
    }
    if (options.shared.json) print_json(result);
    return exit_code::done;
}

}  // namespace

void add_generate(CLI::App& app, exit_code& status) {
    auto* const generate = app.add_subcommand("generate", "Make a synthetic nation, and requests with known answers");
    const auto options = std::make_shared<generate_options>();
    add_count(*generate, "-n,--citizens", options->citizens, "Citizens [1M]");
    generate->add_option("--seed", options->seed, "The same seed and count give the same nation")
        ->capture_default_str();
    add_register_output(*generate, options->out);
    generate->add_option("--csv", options->citizens_file, "Write the citizens as CSV, as import reads it");
    generate->add_option("--requests", options->requests_file,
                         "Write requests as CSV, with the verdicts that verify should give");
    add_count(*generate, "--request-count", options->requests, "Requests to write [1M]");
    generate->add_option("--request-seed", options->request_seed, "Other requests about the same nation")
        ->capture_default_str();
    add_shared(*generate, options->shared);
    generate->footer(
        "Examples:\n"
        "  xacthuc generate --citizens 10M --out nation/snapshot.xts\n"
        "  xacthuc generate -n 100k --csv people.csv --requests requests.csv --request-count 1M\n"
        "  xacthuc generate -n 107M --seed 7 --out nation.xts --json\n");
    generate->callback([options, &status] { status = run_generate(*options); });
}

}  // namespace xacthuc::cli
