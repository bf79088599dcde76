// SPDX-License-Identifier: Apache-2.0
// xacthuc bench: starts xacthuc-bench, which lies beside this program or on the path, and becomes it.
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

[[noreturn]] void become_bench(const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"xacthuc-bench"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> given;
    for (auto& word : words) given.push_back(word.data());
    given.push_back(nullptr);
    std::error_code none;
    const auto beside = std::filesystem::read_symlink("/proc/self/exe", none).replace_filename("xacthuc-bench");
    ::execv(beside.c_str(), given.data());
    if (errno == ENOENT) ::execvp("xacthuc-bench", given.data());
    throw command_error{exit_code::failed,
                        "'bench' is a program of its own, xacthuc-bench, which could not be started: " +
                            std::string{std::strerror(errno)}};
}

}  // namespace

void add_bench(CLI::App& app, exit_code&) {
    auto* const bench = app.add_subcommand(
        "bench",
        "Measure the main job, beside the machine's ceiling and other hash tables; or what a subcommand names");
    // All that comes after the word is the other program's, --help among it.
    bench->set_help_flag("");
    bench->prefix_command();
    bench->callback([bench] { become_bench(bench->remaining()); });
}

}  // namespace xacthuc::cli
