// SPDX-License-Identifier: Apache-2.0
// xacthuc ledger tail and proof: the public entries of a ledger as they come, and one of them with its proof.
#include <sodium.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <xacthuc/ledger/group_leaf.hpp>
#include <xacthuc/ledger/log_reader.hpp>

#include "cli/commands/ledger_commands.hpp"
#include "cli/interruption.hpp"
#include "cli/output/figures.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

struct ledger_tail_options {
    public_log_options log;
    bool csv = false;
    bool follow = false;
    std::optional<std::uint64_t> from;
    std::uint64_t last = 10;
};

struct ledger_proof_options {
    public_log_options log;
    std::uint64_t index = 0;
};

[[nodiscard]] std::string digits_of(std::span<const std::byte> bytes) {
    std::string digits(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(digits.data(), digits.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    digits.pop_back();
    return digits;
}

[[nodiscard]] std::string line_of(std::uint64_t index, const group_leaf& leaf, const ledger_tail_options& options) {
    if (options.log.json)
        return boost::json::serialize(boost::json::object{{"index", index},
                                                          {"time_unix_ms", leaf.time_unix_ms},
                                                          {"rows", leaf.rows},
                                                          {"register_sequence", leaf.register_sequence},
                                                          {"policy", digits_of(leaf.policy)},
                                                          {"rows_root", digits_of(leaf.rows_root)},
                                                          {"contexts", digits_of(leaf.contexts)},
                                                          {"signatures", digits_of(leaf.signatures)}}) +
               '\n';
    if (options.csv)
        return fmt::format("{},{},{},{},{},{},{},{}\n", index, leaf.time_unix_ms, leaf.rows, leaf.register_sequence,
                           digits_of(leaf.policy), digits_of(leaf.rows_root), digits_of(leaf.contexts),
                           digits_of(leaf.signatures));
    return fmt::format("{:>12}  {}  {:>10} rows  sequence {}  rows {}…\n", index, utc_text(leaf.time_unix_ms, true),
                       leaf.rows, leaf.register_sequence, digits_of(leaf.rows_root).substr(0, 16));
}

// Prints the entries from `next` on. Returns the index after the last.
[[nodiscard]] std::uint64_t print_entries(log_reader& reader, std::uint64_t next, const ledger_tail_options& options) {
    constexpr std::size_t text_bytes = std::size_t{1} << 16;
    std::string text;
    for (; next < reader.head().size; ++next) {
        stop_if_interrupted();
        const auto leaf = group_leaf::decode(take(reader.entry(next)));
        if (!leaf)
            throw command_error{exit_code::not_trusted, fmt::format("entry {}: {}", next, leaf.error().message())};
        text += line_of(next, *leaf, options);
        if (text.size() < text_bytes) continue;
        print_text(text);
        text.clear();
    }
    if (!text.empty()) print_text(text);
    return next;
}

[[nodiscard]] exit_code run_ledger_tail(const ledger_tail_options& options) {
    const auto log = public_log_of(options.log);
    auto reader = take_of_log(log_reader::open(log.folder, log.origin, log.key));
    const auto size = reader.head().size;
    auto next = std::min(options.from.value_or(size - std::min(size, options.last)), size);
    if (options.csv) print_text("index,time_unix_ms,rows,register_sequence,policy,rows_root,contexts,signatures\n");
    next = print_entries(reader, next, options);
    while (options.follow) {
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
        stop_if_interrupted();
        auto newer = take_of_log(log_reader::open(log.folder, log.origin, log.key));
        if (newer.head() == reader.head()) continue;
        const auto& before = reader.head();
        const bool is_continued =
            before.size == 0 || (newer.head().size >= before.size &&
                                 is_consistent(before.size, before.root, newer.head().size, newer.head().root,
                                               take(newer.prove_consistency(before.size))));
        if (!is_continued)
            throw command_error{exit_code::not_trusted,
                                "the log does not continue what it was: it was rewritten or set back"};
        reader = std::move(newer);
        next = print_entries(reader, next, options);
    }
    return exit_code::done;
}

[[nodiscard]] exit_code run_ledger_proof(const ledger_proof_options& options) {
    const auto log = public_log_of(options.log);
    auto reader = take_of_log(log_reader::open(log.folder, log.origin, log.key));
    if (options.index >= reader.head().size)
        throw command_error{exit_code::usage, "the log has " + counted(reader.head().size, "entry", "entries") +
                                                  ", and they are numbered from 0"};
    const auto entry = take(reader.entry(options.index));
    const auto proof = take(reader.prove(options.index)).encode();
    if (options.log.json)
        print_json(
            {{"command", "ledger proof"}, {"index", options.index}, {"entry", digits_of(entry)}, {"proof", proof}});
    else
        print_text(proof);
    return exit_code::done;
}

}  // namespace

void add_ledger_tail(CLI::App& ledger, exit_code& status) {
    const auto [tail, options] = add_command<ledger_tail_options>(
        ledger, status, "tail", "Print the newest entries of the public log, and those to come", run_ledger_tail);
    add_public_log(*tail, options->log);
    tail->add_flag("--csv", options->csv, "Print CSV, with a header");
    tail->add_option("--from", options->from, "Begin at this entry")->type_name("INDEX");
    tail->add_option("-n,--last", options->last, "Begin so many before the end")->capture_default_str();
    tail->add_flag("-f,--follow", options->follow,
                   "Go on with what is published from now on, as long as it continues what was there");
    tail->footer(
        "An entry stands for all answers of a second or less: how many, under which policy, and the hashes that bind\n"
        "them. It names no citizen and no agency. With --json each is an object on a line of its own.\n"
        "Examples:\n"
        "  xacthuc ledger tail ledger --key ledger.vkey --last 20\n"
        "  xacthuc ledger tail ledger --key ledger.vkey --from 0 --csv > entries.csv\n");
}

void add_ledger_proof(CLI::App& ledger, exit_code& status) {
    const auto [proof, options] = add_command<ledger_proof_options>(
        ledger, status, "proof", "Print the proof that an entry stands in the public log", run_ledger_proof);
    add_public_log(*proof, options->log);
    proof->add_option("INDEX", options->index, "The entry")->required();
    proof->footer(
        "What it prints is a file of C2SP tlog-proof, which others' programs read. That a row stands in an entry is\n"
        "what the row's receipt shows.\n"
        "Examples:\n"
        "  xacthuc ledger proof ledger 42 --key ledger.vkey > 42.tlog-proof\n");
}

}  // namespace xacthuc::cli
