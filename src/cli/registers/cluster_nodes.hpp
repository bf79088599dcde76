// SPDX-License-Identifier: Apache-2.0
// A register in a cluster, as the command line names it, and connections to it.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>
#include <xacthuc/cluster_client/cluster_client.hpp>

namespace xacthuc::cli {

struct cluster_input {
    std::string nodes;  // HOST:PORT[,HOST:PORT…]
    std::string user;
    std::string password_file;
    std::uint64_t timeout_ms = 10'000;
};

// Adds who asks, and how long. Requires: `into` outlives the subcommand.
void add_cluster_login(CLI::App& subcommand, cluster_input& into);

// Connections for one thread. Throws command_error.
[[nodiscard]] cluster::cluster_client open_cluster(const cluster_input& from);

// In words, for people.
[[nodiscard]] std::string failures_text(const std::vector<cluster::node_failure>& failures);

}  // namespace xacthuc::cli
