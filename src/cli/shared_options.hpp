// SPDX-License-Identifier: Apache-2.0
// What every subcommand has on its command line, and how each tells its result.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <utility>

#include "cli/threads.hpp"

namespace xacthuc::cli {

struct shared_options {
    bool json = false;
    unsigned threads = default_thread_count();
};

// Adds --json and --threads. Requires: `into` outlives the subcommand.
void add_shared(CLI::App& subcommand, shared_options& into);

// A count that may be written as 10k, 10M or 2G.
CLI::Option* add_count(CLI::App& subcommand, const std::string& names, std::uint64_t& into, const std::string& what);

// The machine-readable result: one line on standard output.
void print_json(const boost::json::object& result);

// A line for people, on standard error, so that standard output stays for results.
template <class... Values>
void say(fmt::format_string<Values...> text, Values&&... values) {
    fmt::print(stderr, text, std::forward<Values>(values)...);
    std::fputc('\n', stderr);
}

}  // namespace xacthuc::cli
