// SPDX-License-Identifier: Apache-2.0
// Which partitions this node may answer for. That a partition's key is here says nothing of it: a replica has keys, and
// so has a node that imports a slot, or one that the cluster has demoted.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>

#include "cluster_client/hash_slot.hpp"
#include "server_calls.hpp"

namespace xacthuc::redis {

using cluster::slot_count;

// Concurrency: of the server's main thread.
class ownership {
  public:
    // What is known is asked for anew after an event that may have changed it.
    void doubt() noexcept { is_doubted_ = true; }

    // Brings up to date what owns() says: at every call whether the server is a replica, and, where it is of a cluster,
    // the slot map and the cluster's state when they are doubted or older than age_max_ms.
    void look(server_context* context);

    // As of the last look().
    [[nodiscard]] bool owns(std::size_t partition) const noexcept {
        if (!is_answering_) return false;
        if (!is_of_cluster_) return true;
        return owned_.test(partition) && (server.can_access_keys_in_slot == nullptr ||
                                          server.can_access_keys_in_slot(static_cast<int>(partition)) != 0);
    }
    [[nodiscard]] bool is_answering() const noexcept { return is_answering_; }
    [[nodiscard]] bool is_of_cluster() const noexcept { return is_of_cluster_; }
    [[nodiscard]] std::size_t owned_count() const noexcept {
        return !is_answering_ ? 0 : is_of_cluster_ ? owned_.count() : slot_count;
    }

    // A slot that the server gives up while it keeps the key (CLUSTER DELSLOTS) tells nobody; all else does.
    static constexpr std::int64_t age_max_ms = 10;

  private:
    bool is_answering_ = false;  // no replica, and the cluster is whole
    bool is_of_cluster_ = false;
    bool is_doubted_ = true;
    bool cluster_is_whole_ = false;
    std::int64_t looked_at_ms_ = 0;
    std::bitset<slot_count> owned_;

    void read_slots(server_context* context);
};

}  // namespace xacthuc::redis
