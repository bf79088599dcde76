// SPDX-License-Identifier: Apache-2.0
// The subcommands, one function each: it adds the subcommand to the command line and, when that is chosen, runs it and
// sets how the command ends. What goes wrong is thrown as a command_error; main() prints it.
#pragma once

#include <CLI/CLI.hpp>
#include <array>

#include "cli/exit_code.hpp"
#include "cli/program.hpp"

namespace xacthuc::cli {

// add_programs adds those that are programs of their own: bench, follow-postgres.
add_subcommand add_generate, add_import, add_inspect, add_verify, add_keygen, add_sign, add_verify_signatures, add_init,
    add_apply, add_checkpoint, add_follow, add_check, add_policy, add_guards, add_ledger, add_load_cluster,
    add_programs;

inline constexpr std::array<add_subcommand*, 17> subcommands{
    add_generate, add_import,       add_inspect,    add_verify, add_keygen, add_sign,   add_verify_signatures,
    add_init,     add_apply,        add_checkpoint, add_follow, add_check,  add_policy, add_guards,
    add_ledger,   add_load_cluster, add_programs};

// The whole command line, for main() and for what is made from it (completion, tests). Requires: status outlives app.
void build_command_line(CLI::App& app, exit_code& status);

}  // namespace xacthuc::cli
