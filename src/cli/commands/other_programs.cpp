// SPDX-License-Identifier: Apache-2.0
// Subcommands that are programs of their own, which lie beside this one or on the path: it becomes them.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "cli/commands/commands.hpp"

namespace xacthuc::cli {
namespace {

[[noreturn]] void become(const std::string& subcommand, const std::vector<std::string>& arguments) {
    const auto program = "xacthuc-" + subcommand;
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> given;
    for (auto& word : words) given.push_back(word.data());
    given.push_back(nullptr);
    std::error_code none;
    const auto beside = std::filesystem::read_symlink("/proc/self/exe", none).replace_filename(program);
    ::execv(beside.c_str(), given.data());
    if (errno == ENOENT) ::execvp(program.c_str(), given.data());
    throw command_error{exit_code::failed, '\'' + subcommand + "' is a program of its own, " + program +
                                               ", which could not be started: " + std::strerror(errno)};
}

void add_other_program(CLI::App& app, const std::string& subcommand, const std::string& what) {
    auto* const line = app.add_subcommand(subcommand, what);
    // All that comes after the word is the other program's, --help among it.
    line->set_help_flag("");
    line->prefix_command();
    line->callback([line, subcommand] { become(subcommand, line->remaining()); });
}

}  // namespace

void add_programs(CLI::App& app, exit_code&) {
    add_other_program(app, "follow-postgres", "Keep a registry up with a table of citizens of a PostgreSQL server");
    add_other_program(
        app, "bench",
        "Measure the main job, beside the machine's ceiling and other hash tables; or what a subcommand names");
}

}  // namespace xacthuc::cli
