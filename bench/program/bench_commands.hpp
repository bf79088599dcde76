// SPDX-License-Identifier: Apache-2.0
// The bench subcommand and its own subcommands: see cli/commands/commands.hpp.
#pragma once

#include <CLI/CLI.hpp>
#include <array>

#include "cli/exit_code.hpp"
#include "cli/program.hpp"

namespace xacthuc::cli {

void add_bench(CLI::App& app, exit_code& status);
// Subcommands of bench: app is the bench subcommand.
void add_bench_ed25519(CLI::App& app, exit_code& status);
void add_bench_live(CLI::App& app, exit_code& status);
void add_bench_proofs(CLI::App& app, exit_code& status);

inline constexpr std::array<add_subcommand, 3> bench_subcommands{add_bench_ed25519, add_bench_live, add_bench_proofs};

}  // namespace xacthuc::cli
