// SPDX-License-Identifier: Apache-2.0
// xacthuc ledger bill: what the answers between two checkpoints cost.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>
#include <xacthuc/ledger/bill.hpp>
#include <xacthuc/ledger/log_reader.hpp>
#include <xacthuc/ledger/row_reader.hpp>

#include "cli/commands/ledger_commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/output_file.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

struct ledger_bill_options {
    public_log_options log;
    std::vector<std::string> tariffs;
    std::string from;
    std::string to;
    std::string rows;
};

[[nodiscard]] checkpoint checkpoint_in(const std::string& path, const public_log& log) {
    std::ifstream file{path, std::ios::binary};
    const std::string note{std::istreambuf_iterator<char>{file}, {}};
    if (!file) throw command_error{exit_code::failed, path + ": cannot be read"};
    const auto found = open_checkpoint(note, log.origin, log.key);
    if (!found) throw command_error{exit_code::not_trusted, path + ": " + found.error().message()};
    return *found;
}

// A checkpoint that somebody kept is one of this log only where the log continues it.
void check_continues(log_reader& log, const checkpoint& kept) {
    const auto& head = log.head();
    if (kept.size == 0 || kept == head) return;
    if (kept.size > head.size ||
        !is_consistent(kept.size, kept.root, head.size, head.root, take(log.prove_consistency(kept.size))))
        throw command_error{exit_code::not_trusted,
                            fmt::format("the log does not continue the checkpoint of {} entries", kept.size)};
}

[[nodiscard]] boost::json::object json_of_bill(const bill& of) {
    boost::json::array lines;
    for (const auto& each : of.lines)
        lines.push_back(boost::json::object{{"tariff_from_unix_s", each.tariff_from_unix_s},
                                            {"agency", each.agency},
                                            {"procedure", each.procedure},
                                            {"class", to_string(each.what)},
                                            {"answers", each.answers},
                                            {"claims", each.claims},
                                            {"per_claim", each.per_claim},
                                            {"exemption", each.exemption},
                                            {"amount", each.amount}});
    return {{"command", "ledger bill"}, {"from", of.from.text()}, {"to", of.to.text()},  {"currency", of.currency},
            {"answers", of.answers},    {"claims", of.claims},    {"amount", of.amount}, {"lines", std::move(lines)}};
}

[[nodiscard]] std::string text_of_bill(const bill& of) {
    std::string text;
    put(text, "{:>7}{:>11}  {:<11}{:>14}{:>14}{:>12}{:>16}\n", "agency", "procedure", "class", "answers", "claims",
        "a claim", of.currency);
    for (const auto& each : of.lines)
        put(text, "{:>7}{:>11}  {:<11}{:>14}{:>14}{:>12}{:>16}{}\n", each.agency, each.procedure, to_string(each.what),
            grouped(each.answers), grouped(each.claims), grouped(each.per_claim), grouped(each.amount),
            each.exemption.empty() ? "" : "  " + each.exemption);
    put(text, "{:>7}{:>11}  {:<11}{:>14}{:>14}{:>12}{:>16}\n", "", "", "in all", grouped(of.answers),
        grouped(of.claims), "", grouped(of.amount));
    put(text, "\nFrom the checkpoint\n{}to the checkpoint\n{}", of.from.text(), of.to.text());
    return text;
}

// What the bill was made of, for whoever wants to come to it by himself.
void write_rows(const ledger_bill_options& options, const checkpoint& from, const checkpoint& to) {
    constexpr std::size_t text_bytes = std::size_t{1} << 20;
    output_file out{options.rows, output_file::readers::owner};
    std::string text =
        "ledger_entry,ledger_row,time_unix_ms,agency,procedure,officer,claims,outcome,meaning,matched,mismatched,"
        "unavailable\n";
    take(read_billed_rows(options.log.path, from.size, to.size, [&](const billed_row& row) {
        const auto answer = row.verdict;
        put(text, "{},{},{},{},{},{},{},{},{},{},{},{}\n", row.entry, row.row, row.time_unix_ms, row.agency,
            row.procedure, row.officer, names_of_claims(row.claims), static_cast<unsigned>(answer.outcome()),
            to_string(answer.outcome()), names_of_claims(answer.matched()), names_of_claims(answer.mismatched()),
            names_of_claims(answer.unavailable()));
        if (text.size() < text_bytes) return;
        out.write(text);
        text.clear();
    }));
    out.write(text);
    out.commit();
}

[[nodiscard]] exit_code run_ledger_bill(const ledger_bill_options& options) {
    check_is_ledger(options.log.path);
    const auto log = public_log_of(options.log);
    auto reader = take_of_log(log_reader::open(log.folder, log.origin, log.key));
    const auto from =
        options.from.empty() ? checkpoint{log.origin, 0, tree_root({}), {}} : checkpoint_in(options.from, log);
    const auto to = options.to.empty() ? reader.head() : checkpoint_in(options.to, log);
    check_continues(reader, from);
    check_continues(reader, to);
    if (from.size > to.size) throw command_error{exit_code::usage, "--from is a later checkpoint than --to"};
    std::vector<tariff> tariffs;
    for (const auto& file : options.tariffs) tariffs.push_back(take_of_file(tariff::load(file)));
    auto meter = take_of_file(metering::begin(std::move(tariffs)));
    const auto metered = meter_entries(options.log.path, from.size, to.size, meter);
    if (!metered && metered.error().code == errc::not_found)
        throw command_error{exit_code::failed, metered.error().context +
                                                   ": the rows of the others are pruned or forgotten, and no bill "
                                                   "can be made of them; begin at a later checkpoint with --from"};
    take(metered);
    const auto made = make_bill(meter, from, to);
    if (!options.rows.empty()) write_rows(options, from, to);
    if (options.log.json)
        print_json(json_of_bill(made));
    else
        print_text(text_of_bill(made));
    return exit_code::done;
}

}  // namespace

void add_ledger_bill(CLI::App& ledger, exit_code& status) {
    const auto [line, options] = add_command<ledger_bill_options>(
        ledger, status, "bill", "Say what the answers between two checkpoints cost", run_ledger_bill);
    add_public_log(*line, options->log);
    line->add_option("--tariff", options->tariffs, "A file of TOML; several hold each from its day on")->required();
    line->add_option("--from", options->from, "File of the checkpoint before the first answer [the log's beginning]");
    line->add_option("--to", options->to, "File of the checkpoint after the last [the log's newest]");
    line->add_option("--rows", options->rows, "File for the rows that it counted, as CSV, without the citizens")
        ->type_name("FILE");
    line->footer(
        "It reads the rows, so it is for the ledger's owner; whoever else has them comes to the same. Both "
        "checkpoints\n"
        "have to be signed with the key and continued by the log. docs/histories.md says what a tariff is.\n"
        "Examples:\n"
        "  xacthuc ledger bill ledger --key ledger/ledger.vkey --tariff 2027.toml --from october.checkpoint\n");
}

}  // namespace xacthuc::cli
