// SPDX-License-Identifier: Apache-2.0
// The commands of the module.
//
//   XT.VERIFY requests             n requests of 32 bytes → n verdicts of 8, and how fresh each partition is
//   XT.ASK xt:{tag} FIELD value …  one request in text → its verdict in words
//   XT.LOAD xt:{tag} blob          a whole partition
//   XT.UPSERT xt:{tag} changes     changes of one partition: changes.hpp
//   XT.INFO                        what this node holds and owns
//   XT.KEY id                      the key of the partition that an id lies in
#pragma once

#include "server_calls.hpp"

namespace xacthuc::redis {

// Requests in one call; more would keep other clients waiting for too long.
inline constexpr std::size_t requests_max = 65'536;

// What XT.VERIFY says of each partition that it answered from, little-endian.
struct partition_freshness {
    std::uint64_t partition;
    std::uint64_t sequence;
    std::int64_t as_of_unix_ms;
};
static_assert(sizeof(partition_freshness) == 24);

// Returns whether the server took all of them.
[[nodiscard]] bool register_commands(server_context* context);

}  // namespace xacthuc::redis
