// SPDX-License-Identifier: Apache-2.0
#include "cli/registers/cluster_nodes.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {
namespace {

constexpr const char* password_variable = "XACTHUC_CLUSTER_PASSWORD";

// Never from the command line, which every user of the machine can read.
[[nodiscard]] std::string password_of(const cluster_input& from) {
    if (from.password_file.empty()) {
        const char* const set = std::getenv(password_variable);
        return set == nullptr ? "" : set;
    }
    std::ifstream file{from.password_file};
    std::string line;
    if (!std::getline(file, line) || line.empty())
        throw command_error{exit_code::failed, "no password in the file's first line: " + from.password_file};
    return line;
}

}  // namespace

void add_cluster_login(CLI::App& subcommand, cluster_input& into) {
    subcommand.add_option("--cluster-user", into.user, "User of the servers' ACL [their default one]")
        ->type_name("NAME")
        ->group("Cluster");
    subcommand
        .add_option("--cluster-password-file", into.password_file,
                    std::string{"File whose first line is the password [what is in "} + password_variable + "]")
        ->type_name("FILE")
        ->group("Cluster");
    subcommand
        .add_option("--cluster-timeout-ms", into.timeout_ms,
                    "How long answers to a chunk of requests, or loads, are tried for")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{3'600'000}))
        ->capture_default_str()
        ->group("Cluster");
}

cluster::cluster_client open_cluster(const cluster_input& from) {
    cluster::cluster_options how;
    how.user = from.user;
    how.password = password_of(from);
    how.timeout = std::chrono::milliseconds{from.timeout_ms};
    auto opened = cluster::cluster_client::open(from.nodes, how);
    if (opened) return *std::move(opened);
    const bool is_usage = opened.error().code == boost::system::errc::invalid_argument;
    throw command_error{is_usage ? exit_code::usage : exit_code_of(opened.error().code), opened.error().message()};
}

std::string failures_text(const std::vector<cluster::node_failure>& failures) {
    std::string text;
    for (const auto& one : failures) text += (text.empty() ? "" : "; ") + one.message();
    return text.empty() ? "no node has the partitions" : text;
}

}  // namespace xacthuc::cli
