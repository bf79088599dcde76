// SPDX-License-Identifier: Apache-2.0
// Who owns which slot, as a node says it by CLUSTER SLOTS, and what the addresses of nodes look like.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster_client/hash_slot.hpp"
#include "cluster_client/resp.hpp"

namespace xacthuc::inline v0_1::cluster {

struct node_address {
    std::string host;  // a name or an address, without brackets
    std::uint16_t port = 0;

    // "HOST:PORT" or "[ADDRESS]:PORT".
    [[nodiscard]] static std::optional<node_address> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    friend bool operator==(const node_address&, const node_address&) = default;
};

struct slot_map {
    static constexpr std::uint16_t nobody = 0xffff;

    std::vector<node_address> nodes;  // those that own slots, and their replicas
    std::array<std::uint16_t, slot_count> owner{};

    // Every slot to one server that is of no cluster.
    [[nodiscard]] static slot_map of_one(node_address server);
    // What the node at `asked` said; nothing if that is no map. A node that does not know its own address says none.
    [[nodiscard]] static std::optional<slot_map> parse(const reply& said, const node_address& asked);

  private:
    [[nodiscard]] bool take_range(const reply& range, const node_address& asked);
    [[nodiscard]] std::optional<std::uint16_t> number_of(const reply& node, const node_address& asked);
};

// Where an error MOVED or ASK points to: "MOVED 3999 127.0.0.1:6381".
[[nodiscard]] std::optional<node_address> pointed_to(std::string_view error, const node_address& asked);

}  // namespace xacthuc::inline v0_1::cluster
