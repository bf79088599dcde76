// SPDX-License-Identifier: Apache-2.0
// xacthuc ledger: what was answered to whom, and that nobody has rewritten it.
#include <fstream>

#include "cli/commands/commands.hpp"
#include "cli/commands/ledger_commands.hpp"

namespace xacthuc::cli {

void add_public_log(CLI::App& subcommand, public_log_options& into) {
    subcommand.add_option("DIR", into.path, "A ledger, or a copy of its public part (the folder with its checkpoint)")
        ->required();
    subcommand
        .add_option("-k,--key", into.key,
                    "The ledger's public key: the file ledger.vkey, or its text, NAME+DIGITS+BASE64")
        ->required();
    subcommand.add_option("--origin", into.origin, "First line of its checkpoints [the key's name]");
    subcommand.add_flag("--json", into.json, "Print the result as JSON on standard output");
}

note_verifier verifier_key_of(const std::string& given) {
    auto text = given;
    if (std::ifstream file{given}; file) std::getline(file, text);
    auto key = note_verifier::parse(text);
    if (key) return *std::move(key);
    throw command_error{exit_code::usage, "--key " + given +
                                              ": neither a file with the ledger's public key (ledger.vkey), nor the "
                                              "key itself, NAME+DIGITS+BASE64"};
}

void check_is_ledger(const std::filesystem::path& folder) {
    std::error_code none;
    if (std::filesystem::exists(folder / "ids.key", none)) return;
    const bool is_log = std::filesystem::exists(folder / "checkpoint", none);
    throw command_error{
        exit_code::failed,
        folder.string() + (is_log ? ": this is a copy of a ledger's public log; only the owner's folder "
                                    "has the rows"
                                  : ": there is no ledger in this folder")};
}

void add_witness_options(CLI::App& subcommand, witness_options& into) {
    subcommand.add_option("--witness", into.keys, "Public key of a witness; may be given several times")
        ->type_name("KEY");
    subcommand
        .add_option("--witnesses", into.file, "File of TOML with witnesses, quorum and limit, as the ledger's own")
        ->type_name("FILE");
    subcommand.add_option("--quorum", into.quorum, "How many of them must have cosigned the checkpoint [all]")
        ->type_name("NUMBER");
}

witness_policy witness_policy_of(const witness_options& options) {
    witness_policy policy;
    if (!options.file.empty()) policy = take_of_file(witness_policy::load(options.file));
    for (const auto& text : options.keys) {
        auto who = cosigner::parse(text);
        if (!who)
            throw command_error{exit_code::usage,
                                "--witness " + text + ": not a witness's public key, NAME+DIGITS+BASE64"};
        policy.witnesses.push_back({*std::move(who), {}});
    }
    policy.quorum = options.quorum.value_or(options.file.empty() ? policy.witnesses.size() : policy.quorum);
    if (policy.quorum > policy.witnesses.size())
        throw command_error{exit_code::usage, "--quorum is more than there are witnesses"};
    if (options.staleness_max_s) policy.staleness_max = std::chrono::seconds{*options.staleness_max_s};
    return policy;
}

std::string names_of_claims(claim_mask mask) {
    std::string names;
    for (unsigned k = 0; k < claim_count; ++k) {
        if ((mask >> k & 1U) == 0) continue;
        if (!names.empty()) names += ' ';
        names += to_string(static_cast<claim>(k));
    }
    return names;
}

public_log public_log_of(const public_log_options& options) {
    auto key = verifier_key_of(options.key);
    const std::filesystem::path folder{options.path};
    std::error_code none;
    const bool is_ledger = std::filesystem::exists(folder / "log" / "checkpoint", none);
    if (!is_ledger && !std::filesystem::exists(folder / "checkpoint", none))
        throw command_error{exit_code::failed, folder.string() +
                                                   ": there is no ledger and no copy of its public log in "
                                                   "this folder (nothing named checkpoint)"};
    return {is_ledger ? folder / "log" : folder, options.origin.empty() ? key.name() : options.origin, key};
}

void add_ledger(CLI::App& app, exit_code& status) {
    auto* const ledger =
        app.add_subcommand("ledger", "Look into a ledger of what was answered, verify it, give receipts and bills");
    ledger->require_subcommand(1);
    ledger->footer(
        "docs/ledger.md has the files, and how to verify them without this program.\n"
        "Examples:\n"
        "  xacthuc ledger verify ledger --key ledger.vkey\n"
        "  xacthuc ledger tail ledger --key ledger.vkey --follow\n"
        "  xacthuc ledger receipt ledger 42 7 --out answer.receipt\n"
        "  xacthuc ledger verify-receipt answer.receipt --key ledger.vkey\n");
    for (const auto add : ledger_subcommands) add(*ledger, status);
}

}  // namespace xacthuc::cli
