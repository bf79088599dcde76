// SPDX-License-Identifier: Apache-2.0
// xacthuc ledger: what was answered to whom, and that nobody has rewritten it.
#include <fstream>

#include "cli/commands/commands.hpp"
#include "cli/commands/ledger_commands.hpp"

namespace xacthuc::cli {

void add_public_log(CLI::App& subcommand, public_log_options& into) {
    subcommand.add_option("DIR", into.path, "A ledger, or a copy of its public part (the folder with its checkpoint)")
        ->required();
    subcommand.add_option("-k,--key", into.key, "The ledger's verifier key, NAME+DIGITS+BASE64, or a file with it")
        ->required();
    subcommand.add_option("--origin", into.origin, "First line of its checkpoints [the key's name]");
    subcommand.add_flag("--json", into.json, "Print the result as JSON on standard output");
}

public_log public_log_of(const public_log_options& options) {
    auto text = options.key;
    if (std::ifstream file{options.key}; file) std::getline(file, text);
    const auto key = note_verifier::parse(text);
    if (!key) throw command_error{exit_code::usage, "--key " + options.key + ": " + key.error().message()};
    const std::filesystem::path folder{options.path};
    std::error_code none;
    const bool is_ledger = std::filesystem::exists(folder / "log" / "checkpoint", none);
    return {is_ledger ? folder / "log" : folder, options.origin.empty() ? key->name() : options.origin, *key};
}

void add_ledger(CLI::App& app, exit_code& status) {
    auto* const ledger = app.add_subcommand("ledger", "Look into a ledger of what was answered, and verify it");
    ledger->require_subcommand(1);
    ledger->footer(
        "docs/ledger.md has the files, and how to verify them without this program.\n"
        "Examples:\n"
        "  xacthuc ledger verify ledger --key ledger.vkey\n"
        "  xacthuc ledger tail ledger --key ledger.vkey --follow\n");
    for (const auto add : ledger_subcommands) add(*ledger, status);
}

}  // namespace xacthuc::cli
