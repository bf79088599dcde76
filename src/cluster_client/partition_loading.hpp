// SPDX-License-Identifier: Apache-2.0
// Copies of partitions on their way to the nodes that own their slots.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/cluster_client/cluster_answers.hpp>
#include <xacthuc/cluster_client/cluster_client.hpp>

#include "cluster_client/node_links.hpp"

namespace xacthuc::inline v0_1::cluster {

class partition_loading {
  public:
    // Requires: node_links::begin_call().
    partition_loading(node_links& by, std::span<const partition_copy> copies, bool replace)
        : by_{by}, copies_{copies}, replace_{replace}, asking_(copies.size()) {}

    [[nodiscard]] load_report run();

  private:
    struct copies_of_node {
        node_address node;
        std::vector<std::size_t> copies;  // each with a command, or two
        std::vector<std::string> texts;   // what stands before each copy's bytes, and behind
    };

    [[nodiscard]] std::vector<copies_of_node> by_node();
    void write(copies_of_node& to, node_job& job);
    // Takes the reply to a load. Returns whether it is the last word on this copy.
    bool take(const reply& said, const node_address& from, std::size_t copy);

    node_links& by_;
    std::span<const partition_copy> copies_;
    bool replace_;
    // The node that takes a copy of a slot which is on its way to it, where the slot's owner said so.
    std::vector<std::optional<node_address>> asking_;
    std::vector<std::size_t> left_;
    load_report report_;
};

}  // namespace xacthuc::inline v0_1::cluster
