// SPDX-License-Identifier: Apache-2.0
// What a program of this command does around its subcommands: its errors, its help, its exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {

// Adds a subcommand to the command line; when that is chosen, runs it and sets how the program ends.
using add_subcommand = void(CLI::App& app, exit_code& status);

// For main(): what `build` makes of the command line is parsed and run, and what goes wrong is told. Returns the exit
// code.
[[nodiscard]] int run_program(int argument_count, char** arguments, const std::function<add_subcommand>& build);

// For main() of a program that is one subcommand of xacthuc: it speaks as that, whoever starts it.
[[nodiscard]] int run_as_subcommand(const std::string& name, add_subcommand* add, int argument_count, char** arguments);

}  // namespace xacthuc::cli
