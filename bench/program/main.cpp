// SPDX-License-Identifier: Apache-2.0
// xacthuc-bench, which `xacthuc bench` starts: what measures is no part of the command.
#include "program/bench_commands.hpp"

namespace cli = xacthuc::cli;

int main(int argument_count, char** arguments) {
    return cli::run_as_subcommand("bench", cli::add_bench, argument_count, arguments);
}
