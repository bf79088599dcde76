// SPDX-License-Identifier: Apache-2.0
// xacthuc ledger receipt and verify-receipt: what the asker keeps of an answer, and what it shows to whoever has it.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <xacthuc/ledger/receipt.hpp>
#include <xacthuc/ledger/receipt_reader.hpp>
#include <xacthuc/registry/ledger_folder.hpp>

#include "cli/commands/ledger_commands.hpp"
#include "cli/output/figures.hpp"
#include "cli/output/output_file.hpp"
#include "cli/shared_options.hpp"

namespace xacthuc::cli {
namespace {

struct ledger_receipt_options {
    std::string folder;
    std::uint64_t entry = 0;
    std::uint64_t row = 0;
    std::string out = "-";
};

struct verify_receipt_options {
    std::string file;
    std::string key;
    witness_options witnesses;
    bool json = false;
};

// Rows of small entries that answer nobody.
[[nodiscard]] bool fills_up(const ledger_row& row) noexcept {
    return row.id == 0 && row.verdict_bits == 0;
}

[[nodiscard]] exit_code run_ledger_receipt(const ledger_receipt_options& options) {
    check_is_ledger(options.folder);
    const auto key = take(ledger_verifier_in(options.folder));
    auto made = read_receipt(options.folder, key, options.entry, options.row);
    if (!made && made.error().code == errc::not_found) throw command_error{exit_code::failed, made.error().context};
    if (made && fills_up(made->row))
        throw command_error{
            exit_code::failed,
            fmt::format("row {} of entry {} is no answer: it only fills the entry up", options.row, options.entry)};
    output_file out{options.out, output_file::readers::owner};
    out.write(take(std::move(made)).encode());
    out.commit();
    return exit_code::done;
}

[[nodiscard]] std::string text_in(const std::string& path) {
    if (path == "-") return {std::istreambuf_iterator<char>{std::cin}, {}};
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file.is_open() || file.bad()) throw command_error{exit_code::failed, path + ": it cannot be read"};
    return text;
}

// Why it is not believed, for whoever holds it.
[[nodiscard]] std::string reason_of(boost::system::error_code why) {
    if (why == errc::bad_signature) return "it is not signed with this key";
    if (why == errc::ledger_damaged || why == errc::log_proof_syntax)
        return "its row does not stand in the ledger's signed log: it was changed, or is not whole";
    return why.message();
}

struct seen_receipt {
    receipt shown;
    checkpoint head;
};

[[nodiscard]] seen_receipt believe(const verify_receipt_options& options) {
    const auto key = verifier_key_of(options.key);
    auto shown = receipt::decode(text_in(options.file));
    if (!shown)
        throw command_error{exit_code::not_trusted, options.file + ": not a receipt (" + shown.error().message() + ')'};
    auto head = verify_receipt(*shown, key.name(), key);
    if (!head) {
        const bool is_other =
            parse_checkpoint(shown->note.text).has_value() && parse_checkpoint(shown->note.text)->origin != key.name();
        throw command_error{exit_code::not_trusted,
                            options.file + ": " +
                                (is_other ? "it is of the ledger " + parse_checkpoint(shown->note.text)->origin +
                                                ", and the key is of " + key.name()
                                          : reason_of(head.error()))};
    }
    return {std::move(*shown), std::move(*head)};
}

[[nodiscard]] boost::json::object json_of(const seen_receipt& of, const witness_policy& witnesses) {
    const auto& row = of.shown.row;
    boost::json::array cosigned;
    for (const auto& one : witnesses.witnesses)
        if (const auto at = cosigned_at(of.shown.note, one.who))
            cosigned.push_back(boost::json::object{{"witness", one.who.name()}, {"time_unix_s", *at}});
    return {{"command", "ledger verify-receipt"},
            {"ledger", of.head.origin},
            {"entry", of.shown.leaf_index},
            {"row", of.shown.row_index},
            {"entries", of.head.size},
            {"id", personal_id::from_trusted(row.id).to_string()},
            {"time_unix_ms", row.time_unix_ms},
            {"agency", row.agency},
            {"procedure", row.procedure},
            {"officer", row.officer},
            {"claims", names_of_claims(row.claims)},
            {"outcome", static_cast<unsigned>(row.verdict().outcome())},
            {"meaning", to_string(row.verdict().outcome())},
            {"matched", names_of_claims(row.verdict().matched())},
            {"mismatched", names_of_claims(row.verdict().mismatched())},
            {"unavailable", names_of_claims(row.verdict().unavailable())},
            {"register_sequence", of.shown.leaf.register_sequence},
            {"cosigned", std::move(cosigned)}};
}

[[nodiscard]] std::string text_of(const seen_receipt& of, const witness_policy& witnesses) {
    const auto& row = of.shown.row;
    const auto answer = row.verdict();
    std::string text;
    const auto line = [&](std::string_view what, const std::string& says) { put(text, "  {:<12} {}\n", what, says); };
    put(text, "Genuine: signed by {}\n", of.head.origin);
    line("time", vietnam_time_text(row.time_unix_ms / 1000) + " (Vietnam)");
    line("asked by",
         fmt::format("agency {}{}", row.agency, row.officer == 0 ? "" : fmt::format(", officer {}", row.officer)));
    line("about", personal_id::from_trusted(row.id).to_string());
    line("procedure", std::to_string(row.procedure));
    line("claimed", names_of_claims(row.claims));
    line("answer", fmt::format("{} {}", static_cast<unsigned>(answer.outcome()), to_string(answer.outcome())));
    for (const auto& [what, claims] : {std::pair{"matched", answer.matched()},
                                       {"mismatched", answer.mismatched()},
                                       {"unavailable", answer.unavailable()}})
        if (claims != 0) line(what, names_of_claims(claims));
    line("where", fmt::format("entry {}, row {} of a log of {}", of.shown.leaf_index, of.shown.row_index,
                              counted(of.head.size, "entry", "entries")));
    for (const auto& one : witnesses.witnesses)
        if (const auto at = cosigned_at(of.shown.note, one.who))
            line("cosigned by",
                 one.who.name() + " at " + vietnam_time_text(static_cast<std::int64_t>(*at)) + " (Vietnam)");
    return text;
}

[[nodiscard]] exit_code run_verify_receipt(const verify_receipt_options& options) {
    const auto witnesses = witness_policy_of(options.witnesses);
    const auto seen = believe(options);
    if (fills_up(seen.shown.row))
        throw command_error{exit_code::not_trusted,
                            options.file + ": genuine, but no receipt for an answer: its row only fills an entry up"};
    if (!witnesses.witnessed_at(seen.shown.note))
        throw command_error{
            exit_code::not_trusted,
            fmt::format("{}: the ledger's key is right, but fewer than {} of the witnesses have cosigned", options.file,
                        witnesses.quorum)};
    if (options.json)
        print_json(json_of(seen, witnesses));
    else
        print_text(text_of(seen, witnesses));
    return exit_code::done;
}

}  // namespace

void add_ledger_receipt(CLI::App& ledger, exit_code& status) {
    const auto [line, options] = add_command<ledger_receipt_options>(
        ledger, status, "receipt", "Make the receipt for an answer, for whoever asked", run_ledger_receipt);
    line->add_option("DIR", options->folder, "The ledger's folder, as its owner; it may be written meanwhile")
        ->required();
    line->add_option("ENTRY", options->entry, "ledger_entry of the answer")->required();
    line->add_option("ROW", options->row, "ledger_row of the answer")->required();
    line->add_option("-o,--out", options->out, "File to write, - for standard output")->capture_default_str();
    line->footer(
        "verify --ledger says of each answer where its row is, in the columns ledger_entry and ledger_row. Who has "
        "the\n"
        "receipt and the ledger's public key (ledger.vkey) needs nothing else to show what was answered.\n"
        "Examples:\n"
        "  xacthuc ledger receipt ledger 42 7 --out answer.receipt\n"
        "  xacthuc ledger verify-receipt answer.receipt --key ledger.vkey\n");
}

void add_ledger_verify_receipt(CLI::App& ledger, exit_code& status) {
    const auto [line, options] = add_command<verify_receipt_options>(
        ledger, status, "verify-receipt", "Say what a receipt shows, if it is genuine", run_verify_receipt);
    line->add_option("FILE", options->file, "The receipt, - for standard input")->required();
    line->add_option("-k,--key", options->key, "The ledger's public key: the file ledger.vkey, or its text")
        ->required();
    add_witness_options(*line, options->witnesses);
    add_json(*line, options->json);
    line->footer(
        "It needs no ledger and no connection. Exit code 5 says that the receipt is not genuine, or that too few\n"
        "witnesses have cosigned. The file is also one of C2SP tlog-proof, which others' programs read.\n"
        "Examples:\n"
        "  xacthuc ledger verify-receipt answer.receipt --key ledger.vkey\n"
        "  xacthuc ledger verify-receipt - --key example.vn/ledger+1c2d3e4f+AY... --json < answer.receipt\n");
}

}  // namespace xacthuc::cli
