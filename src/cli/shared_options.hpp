// SPDX-License-Identifier: Apache-2.0
// What every subcommand has on its command line, and how each tells its result.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "cli/exit_code.hpp"
#include "cli/output/telling.hpp"
#include "cli/threads.hpp"

namespace xacthuc::cli {

struct shared_options {
    bool json = false;
    unsigned threads = default_thread_count();
};

// Adds --json. Requires: `into` outlives the subcommand.
void add_json(CLI::App& subcommand, bool& into);
// Adds --json and --threads. Requires: `into` outlives the subcommand.
void add_shared(CLI::App& subcommand, shared_options& into);

// A subcommand on its way to the command line, and the options that its run gets.
template <class Options>
struct new_command {
    CLI::App* line;
    std::shared_ptr<Options> options;
};

// Adds a subcommand: when it is chosen, run(options) says how the program ends. Other functions may have the name of
// `run`: the options tell which is meant.
template <class Options, class Run>
[[nodiscard]] new_command<Options> add_command_that(Run run, CLI::App& app, exit_code& status, const std::string& name,
                                                    const std::string& what) {
    auto* const line = app.add_subcommand(name, what);
    const auto options = std::make_shared<Options>();
    line->callback([options, run, &status] { status = run(*options); });
    return {line, options};
}
template <class Options>
[[nodiscard]] new_command<Options> add_command(CLI::App& app, exit_code& status, const std::string& name,
                                               const std::string& what, exit_code (*run)(const Options&)) {
    return add_command_that<Options>(run, app, status, name, what);
}
template <class Options>
[[nodiscard]] new_command<Options> add_command(CLI::App& app, exit_code& status, const std::string& name,
                                               const std::string& what, exit_code (*run)(Options)) {
    return add_command_that<Options>(run, app, status, name, what);
}

// Adds --seed, of a made nation.
void add_seed(CLI::App& subcommand, std::uint64_t& into);

// A count that may be written as 10k, 10M or 2G.
CLI::Option* add_count(CLI::App& subcommand, const std::string& names, std::uint64_t& into, const std::string& what);

// The machine-readable result: one line on standard output. Throws command_error.
void print_json(const boost::json::object& result);

// A result for people to read, on standard output. Throws command_error.
void print_text(std::string_view text);

// Appends to such a result.
template <class... Values>
void put(std::string& to, fmt::format_string<Values...> text, Values&&... values) {
    fmt::format_to(std::back_inserter(to), text, std::forward<Values>(values)...);
}

}  // namespace xacthuc::cli
