// SPDX-License-Identifier: Apache-2.0
// The subcommands, one function each: it adds the subcommand to the command line and, when that is chosen, runs it and
// sets how the command ends. What goes wrong is thrown as a command_error; main() prints it.
#pragma once

#include <CLI/CLI.hpp>
#include <array>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {

void add_generate(CLI::App& app, exit_code& status);
void add_import(CLI::App& app, exit_code& status);
void add_inspect(CLI::App& app, exit_code& status);
void add_verify(CLI::App& app, exit_code& status);
void add_keygen(CLI::App& app, exit_code& status);
void add_sign(CLI::App& app, exit_code& status);
void add_verify_signatures(CLI::App& app, exit_code& status);
void add_init(CLI::App& app, exit_code& status);
void add_apply(CLI::App& app, exit_code& status);
void add_checkpoint(CLI::App& app, exit_code& status);
void add_follow(CLI::App& app, exit_code& status);
void add_check(CLI::App& app, exit_code& status);
void add_bench(CLI::App& app, exit_code& status);
// Subcommands of bench: app is the bench subcommand.
void add_bench_ed25519(CLI::App& app, exit_code& status);
void add_bench_live(CLI::App& app, exit_code& status);
void add_bench_proofs(CLI::App& app, exit_code& status);

using add_subcommand = void (*)(CLI::App& app, exit_code& status);
inline constexpr std::array<add_subcommand, 13> subcommands{
    add_generate, add_import, add_inspect,    add_verify, add_keygen, add_sign, add_verify_signatures,
    add_init,     add_apply,  add_checkpoint, add_follow, add_check,  add_bench};
inline constexpr std::array<add_subcommand, 3> bench_subcommands{add_bench_ed25519, add_bench_live, add_bench_proofs};

// The whole command line, for main() and for what is made from it (completion, tests). Requires: status outlives app.
void build_command_line(CLI::App& app, exit_code& status);

}  // namespace xacthuc::cli
