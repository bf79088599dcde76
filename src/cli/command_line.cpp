// SPDX-License-Identifier: Apache-2.0
// The command as a whole: its subcommands, its version, its help.
#include "cli/commands/commands.hpp"

namespace xacthuc::cli {

void build_command_line(CLI::App& app, exit_code& status) {
    app.name("xacthuc");
    app.description(
        "Asks of a register of citizens held in memory whether what a request says about one of them is "
        "true,\nand never gives the data itself away.");
    app.footer(
        "Exit codes: 0 done, 1 failed, 2 wrong usage or header, 3 some rows left out, 4 wrong answers,\n"
        "5 a file is not to be trusted, 130 interrupted, 141 the reader of the output went away.\n"
        "'xacthuc SUBCOMMAND --help' has examples.");
    app.set_version_flag("--version", "xacthuc " XACTHUC_VERSION);
    app.require_subcommand(1);
    for (const auto add : subcommands) add(app, status);
}

}  // namespace xacthuc::cli
