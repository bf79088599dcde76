// SPDX-License-Identifier: Apache-2.0
// Asks a register that lies in the partitions of a Redis or Valkey cluster (bindings/redis): questions are sent to the
// nodes that own their citizens' slots, all nodes at once, by one connection each.
//
// What comes back as `elsewhere`, and what a node that fails was asked, is asked again of whoever owns the slot then:
// the slot map is read anew, from another node each time, and what has been answered is not asked again. That goes on
// until all is answered, or the call's time is over. Questions of this kind change nothing, so that it does no harm to
// ask twice. A question without an answer is told as `elsewhere`: never as `not_found`, which only the node says that
// has the partition.
//
// Every question says of which register it is. A node with another placement seed or digest key answers none, and that
// is an error of the call.
//
// A server that is of no cluster is asked as a cluster of one node. Connections are not encrypted: what is asked and
// the password can be read on the way, so the network has to be the cluster's own, or a tunnel.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>
#include <xacthuc/cluster_client/cluster_answers.hpp>
#include <xacthuc/cluster_client/cluster_options.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1::cluster {

// A copy of a partition, as export_partition() writes it.
struct partition_copy {
    std::size_t partition = 0;
    std::span<const std::byte> bytes;
};

// Connections to the nodes of one cluster, and the slot map. Calls wait; no thread is started, but that Asio looks up
// names of hosts in one. Who has several threads gives each a client of its own.
// Concurrency: single thread.
class cluster_client {
  public:
    // nodes: HOST:PORT of one node or more, separated by commas; the others are learnt from them. Reads the slot map,
    // and asks all that own slots for their register.
    // Errors: of boost::system::errc invalid_argument (not such a list, or a limit of 0), permission_denied (the user
    // or the password is wrong, or may not do this) and function_not_supported (a server without the module); that of
    // the connection, where no node can be asked; foreign_digest_key and foreign_partition (nodes have partitions of
    // different registers).
    [[nodiscard]] XACTHUC_API static detailed_result<cluster_client> open(std::string_view nodes,
                                                                          const cluster_options& how = {});

    XACTHUC_API cluster_client(cluster_client&&) noexcept;
    XACTHUC_API cluster_client& operator=(cluster_client&&) noexcept;
    XACTHUC_API ~cluster_client();

    // Which register the cluster has, as far as known; nothing where no node has had a partition yet.
    [[nodiscard]] XACTHUC_API std::optional<register_identity> identity() const noexcept;

    // Answers requests, in their order, from whatever nodes.
    // Requires: as many verdicts as requests.
    // Complexity: each request is hashed once, copied once for each time that it is asked.
    // Memory: some 60 bytes a request, kept for the next call.
    // Errors: foreign_partition: a node has another register than the client was opened for, and answered nothing; what
    // others answered stands. That nodes failed is no error of the call: see answers_report.
    // Exceptions: std::invalid_argument for another number of verdicts, before anything is asked.
    [[nodiscard]] XACTHUC_API detailed_result<answers_report> verify(std::span<const request> requests,
                                                                     std::span<verdict> verdicts);

    // Loads partitions into the nodes that own their slots. Where a node has the partition as it was then or later,
    // that stays, so that a load that broke off can be run again; `replace` puts the copy in its place all the same.
    // Requires: each copy's partition is below partition_count.
    // Errors: none of its own; what nodes refused is in load_report.
    // Exceptions: std::invalid_argument for another partition, before anything is sent.
    [[nodiscard]] XACTHUC_API detailed_result<load_report> load(std::span<const partition_copy> copies,
                                                                bool replace = false);

    // For each partition how fresh the cluster has it, where a node answers for it.
    // Errors: that of the first node that did not say, when the time is over.
    using held_partitions = std::vector<std::optional<freshness>>;
    [[nodiscard]] XACTHUC_API detailed_result<held_partitions> held();

  private:
    class state;
    explicit cluster_client(std::unique_ptr<state> made) noexcept;
    std::unique_ptr<state> state_;
};

}  // namespace xacthuc::inline v0_1::cluster
