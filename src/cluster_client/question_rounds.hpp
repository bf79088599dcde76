// SPDX-License-Identifier: Apache-2.0
// One call's questions on their way to the nodes, round by round.
//
// A question's slot is computed once. In each round those that have no verdict are put together by node, and each
// node's are cut into commands:
//
//   left_        the questions without a verdict, by number
//   order_       the same, those of a node beside each other
//   messages_    which part of order_ a command has
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>
#include <xacthuc/cluster_client/cluster_answers.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>

#include "cluster_client/module_format.hpp"
#include "cluster_client/node_links.hpp"

namespace xacthuc::inline v0_1::cluster {

// Kept from call to call, so that calls allocate little.
class question_rounds {
  public:
    // Requires: as many verdicts as requests; node_links::begin_call().
    // Errors: foreign_partition.
    [[nodiscard]] detailed_result<answers_report> run(node_links& by, const register_identity& of,
                                                      std::span<const request> requests, std::span<verdict> verdicts);

  private:
    struct message {
        std::size_t begin = 0;  // in order_
        std::size_t end = 0;
    };
    struct questions_of_node {
        std::uint16_t node = 0;
        std::vector<message> messages;
        std::string bytes;
    };

    void place(std::uint64_t seed);
    void order_by_node(const slot_map& map);
    void put_together(const slot_map& map, const register_identity& of, std::size_t questions_a_command);
    // What came of a round: whether there is another register, and whether all that is left is refused for good.
    struct round_result {
        bool is_other_register = false;
        bool is_final = true;
    };
    [[nodiscard]] round_result ask(node_links& by);
    // Takes one reply. Returns whether it is one that a server can give to these questions.
    [[nodiscard]] bool take(const reply& said, const message& to);
    [[nodiscard]] bool are_partitions_right(std::span<const partition_freshness> fresh, const message& to,
                                            std::string_view answers);

    std::span<const request> requests_;
    std::span<verdict> verdicts_;
    answers_report report_;
    std::vector<std::uint16_t> slots_;
    std::vector<std::uint32_t> left_;
    std::vector<std::uint32_t> order_;
    std::vector<std::size_t> ends_;  // of each node's questions in order_
    std::vector<questions_of_node> nodes_;
    std::bitset<slot_count> seen_;
};

}  // namespace xacthuc::inline v0_1::cluster
