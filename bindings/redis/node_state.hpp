// SPDX-License-Identifier: Apache-2.0
// All that the module knows about the node it runs in.
#pragma once

#include <optional>
#include <xacthuc/domain/digest_key.hpp>

#include "held_partitions.hpp"
#include "ownership.hpp"

namespace xacthuc::redis {

// Concurrency: of the server's main thread.
struct node_state {
    held_partitions& held = held_partitions::instance();
    ownership owned{};
    std::optional<digest_key> names{};  // for requests in text; nobody else needs it

    // The one of the process, never destroyed.
    [[nodiscard]] static node_state& instance() {
        static auto* const one = new node_state;
        return *one;
    }

    // Brings both up to date before the answer of a command that names no key.
    void look(server_context* context) {
        held.settle();
        owned.look(context);
    }
    // Of one that names the key of a partition.
    void look(server_context* context, std::size_t partition) {
        held.settle(partition);
        owned.look(context);
    }
    [[nodiscard]] bool answers_for(std::size_t partition) const noexcept {
        return held.bound(partition) != nullptr && !held.is_marked(partition) && owned.owns(partition);
    }
};

}  // namespace xacthuc::redis
