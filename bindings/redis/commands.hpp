// SPDX-License-Identifier: Apache-2.0
// The commands of the module.
//
//   XT.VERIFY requests [register]   n requests of 32 bytes → n verdicts of 8, and how fresh each partition is; where
//   the
//                                   16 bytes of a register are given, only from that register
//   XT.ASK xt:{tag} FIELD value …   one request in text → its verdict in words
//   XT.LOAD xt:{tag} blob [NEWER]   a whole partition; with NEWER only where that is older or not there
//   XT.UPSERT xt:{tag} changes      changes of one partition: changes.hpp
//   XT.INFO                         what this node holds and owns
//   XT.INFO PARTITIONS              how fresh each partition is that it answers for
//   XT.KEY id                       the key of the partition that an id lies in
#pragma once

#include "cluster_client/module_format.hpp"
#include "server_calls.hpp"

namespace xacthuc::redis {

using cluster::partition_freshness;
using cluster::requests_max;

// Returns whether the server took all of them.
[[nodiscard]] bool register_commands(server_context* context);

}  // namespace xacthuc::redis
