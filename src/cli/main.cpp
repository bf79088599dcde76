// SPDX-License-Identifier: Apache-2.0
// The xacthuc command.
#include "cli/commands/commands.hpp"
#include "cli/program.hpp"

int main(int argument_count, char** arguments) {
    return xacthuc::cli::run_program(argument_count, arguments, xacthuc::cli::build_command_line);
}
