// SPDX-License-Identifier: Apache-2.0
// xacthuc generate: a synthetic nation as a snapshot, as a citizens file, and requests about it whose answers are
// known.
#include <algorithm>
#include <boost/json/object.hpp>
#include <memory>
#include <optional>

#include "cli/commands/commands.hpp"
#include "cli/input/triple_columns.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/ordered_writer.hpp"
#include "cli/output/progress.hpp"
#include "cli/registers/register_file.hpp"
#include "cli/shared_options.hpp"
#include "cli/streams/nation_records.hpp"
#include "columns/csv/citizen_columns.hpp"
#include "columns/csv/request_columns.hpp"
#include "population/planted_request.hpp"
#include "population/population.hpp"
#include "population/signed_requests.hpp"

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
    std::uint64_t keys = 0;
    std::string signatures_file;
    std::uint64_t signatures = 10'000;
};

[[nodiscard]] saved_register make_register(const population& nation, const key_pool* pool,
                                           const generate_options& options) {
    const auto keys = load_or_make_keys(options.out.keys);
    auto how = builder_options(options.out, keys, nation.count());
    how.with_keys = pool != nullptr;
    // The same seed and count give the same register.
    if (!how.placement_seed) how.placement_seed = options.seed;
    auto builder = take(index_builder::create(how));
    append_nation(builder, nation, pool, keys.digests, options.shared.threads);
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
    csv::citizen_parser::append_header(header);
    write_rows(options.citizens_file, nation.count(), options.shared.threads, bar, header,
               [&](std::uint64_t i, name_text& text, std::string& to) {
                   csv::citizen_parser::append_row(to, nation.citizen_at(i, text));
               });
}

void write_requests(const population& nation, const generate_options& options) {
    progress bar{"requests", "rows", options.requests};
    const planted_requests planted{nation, options.request_seed};
    std::string header;
    csv::request_parser::append_header(header);
    write_rows(options.requests_file, options.requests, options.shared.threads, bar, header,
               [&](std::uint64_t i, name_text& text, std::string& to) {
                   const auto one = planted.at(i, text);
                   csv::request_parser::append_row(to, one.claims, to_string(one.kind), one.expected);
               });
}

// The holder proofs of requests that a register of this nation verifies, as triples for verify-signatures.
void write_signatures(const population& nation, const key_pool& pool, const generate_options& options) {
    // What is signed names the claims by their digests, and the register by its key: any key will do for signatures
    // alone.
    const auto digests = digest_key::generate();
    const auto asked = make_signed_requests(nation, pool, digests, options.signatures, options.seed);
    output_file out{options.signatures_file};
    std::string text;
    triple_parser::append_header(text);
    for (std::size_t i = 0; i < asked.requests.size(); ++i) {
        const auto& proof = asked.proofs[i];
        triple_parser::append_row(
            text, pool.account_key(nation, asked.holders[i])->public_key, proof.signature,
            message_for_holder(asked.requests[i], digests.fingerprint(), proof.issued_at_unix_ms, proof.nonce));
        if (text.size() < (std::size_t{1} << 20)) continue;
        out.write(text);
        text.clear();
    }
    out.write(text);
    out.commit();
}

void check_generate_options(generate_options& options) {
    if (options.out.path.empty() && options.citizens_file.empty() && options.requests_file.empty() &&
        options.signatures_file.empty())
        throw command_error{exit_code::usage, "nothing to make: wanted --out, --csv, --requests or --signatures"};
    if (!options.signatures_file.empty() && options.keys == 0)
        throw command_error{exit_code::usage, "--signatures are made with the keys of --keys"};
    if (options.shared.json &&
        (options.citizens_file == "-" || options.requests_file == "-" || options.signatures_file == "-"))
        throw command_error{exit_code::usage,
                            "--json has standard output for itself: give --csv, --requests and --signatures files"};
    if (!options.out.path.empty()) check_register_output(options.out);
}

[[nodiscard]] exit_code run_generate(generate_options options) {
    check_generate_options(options);
    const auto nation = nation_of(options.seed, options.citizens);
    boost::json::object result{{"command", "generate"}, {"seed", options.seed}, {"threads", options.shared.threads}};
    std::optional<key_pool> pool;
    if (options.keys != 0) pool.emplace(options.seed, options.keys);
    result["keys"] = options.keys;
    if (!options.out.path.empty()) {
        const auto saved = make_register(nation, pool ? &*pool : nullptr, options);
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
    if (!options.signatures_file.empty()) {
        write_signatures(nation, *pool, options);
        say("{} signatures of account holders: {}", grouped(options.signatures), options.signatures_file);
        result["signatures"] = options.signatures;
        result["signatures_file"] = options.signatures_file;
    }
    if (options.shared.json) print_json(result);
    return exit_code::done;
}

}  // namespace

void add_generate(CLI::App& app, exit_code& status) {
    const auto [generate, options] = add_command<generate_options>(
        app, status, "generate", "Make a synthetic nation, and requests with known answers", run_generate);
    add_count(*generate, "-n,--citizens", options->citizens, "Citizens [1M]");
    add_seed(*generate, options->seed);
    add_register_output(*generate, options->out);
    generate->add_option("--csv", options->citizens_file, "Write the citizens as CSV, as import reads it");
    generate->add_option("--requests", options->requests_file,
                         "Write requests as CSV, with the verdicts that verify should give");
    add_count(*generate, "--request-count", options->requests, "Requests to write [1M]");
    generate->add_option("--request-seed", options->request_seed, "Other requests about the same nation")
        ->capture_default_str();
    add_count(*generate, "--keys", options->keys,
              "Give the accounts public keys, from a pool of so many pairs: many accounts share one, since a pair each "
              "would take an hour for a nation. The pairs follow from the seed, so they keep nothing safe [0: no keys]")
        ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 24));
    generate->add_option("--signatures", options->signatures_file,
                         "Write signatures of account holders with those keys, as verify-signatures reads them");
    add_count(*generate, "--signature-count", options->signatures, "Signatures to write [10k]");
    add_shared(*generate, options->shared);
    generate->footer(
        "Examples:\n"
        "  xacthuc generate --citizens 10M --out nation/snapshot.xts\n"
        "  xacthuc generate -n 100k --csv people.csv --requests requests.csv --request-count 1M\n"
        "  xacthuc generate -n 107M --seed 7 --out nation.xts --json\n"
        "  xacthuc generate -n 1M --keys 10k --out nation.xts --signatures triples.csv\n");
}

}  // namespace xacthuc::cli
