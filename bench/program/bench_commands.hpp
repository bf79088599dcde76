// SPDX-License-Identifier: Apache-2.0
// The bench subcommand and its own subcommands: see cli/commands/commands.hpp.
#pragma once

#include <CLI/CLI.hpp>
#include <array>

#include "cli/exit_code.hpp"
#include "cli/program.hpp"

namespace xacthuc::cli {

// Those after the first are subcommands of bench: what they are added to is the bench subcommand.
add_subcommand add_bench, add_bench_ed25519, add_bench_ledger, add_bench_live, add_bench_permission, add_bench_proofs,
    add_bench_service;

inline constexpr std::array<add_subcommand*, 6> bench_subcommands{
    add_bench_ed25519, add_bench_ledger, add_bench_live, add_bench_permission, add_bench_proofs, add_bench_service};

}  // namespace xacthuc::cli
