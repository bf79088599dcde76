// SPDX-License-Identifier: Apache-2.0
// How a cluster is asked.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace xacthuc::inline v0_1::cluster {

struct cluster_options {
    // Who asks, by the servers' ACL. Without a user it is the servers' default one, without a password nobody says who
    // he is.
    std::string user{};
    std::string password{};
    // For the whole of a call, however often nodes are asked.
    std::chrono::milliseconds timeout{10'000};
    // How long a node may say nothing, when it is connected to and when it is asked: then its connection is given up,
    // and what it was asked is asked anew, of whoever owns the slots by then. Shorter than the cluster's own
    // cluster-node-timeout makes sense only where connections are bad.
    std::chrono::milliseconds silence_max{1'000};
    // Between two rounds of a call, doubled while nothing gets better; of each at least half is waited, the rest by
    // chance.
    std::chrono::milliseconds pause_min{2};
    std::chrono::milliseconds pause_max{250};
    // Rounds of a call at most.
    unsigned rounds_max = 1'000;
    // Questions in one command: a server does nothing else meanwhile, 1,000 of them take it less than 0.1 ms.
    std::size_t questions_a_command = 2'048;
};

}  // namespace xacthuc::inline v0_1::cluster
