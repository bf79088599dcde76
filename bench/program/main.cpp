// SPDX-License-Identifier: Apache-2.0
// xacthuc-bench, which `xacthuc bench` starts: what measures is no part of the command.
#include <vector>

#include "cli/program.hpp"
#include "program/bench_commands.hpp"

namespace cli = xacthuc::cli;

int main(int argument_count, char** arguments) {
    // It speaks as `xacthuc bench`, whoever starts it.
    static char bench[] = "bench";
    std::vector<char*> with_bench{arguments[0], bench};
    with_bench.insert(with_bench.end(), arguments + 1, arguments + argument_count);
    with_bench.push_back(nullptr);
    return cli::run_program(argument_count + 1, with_bench.data(), [](CLI::App& app, cli::exit_code& status) {
        app.name("xacthuc");
        app.require_subcommand(1);
        cli::add_bench(app, status);
    });
}
