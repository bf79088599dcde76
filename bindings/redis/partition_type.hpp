// SPDX-License-Identifier: Apache-2.0
// The server's type of partitions: how their values go into RDB and AOF files and come out of them.
//
//   RDB   layout 1 · partition · bytes of the blob · the blob in pieces of 64 KiB, the last one shorter
//
// A blob checks itself; the pieces bound what a made-up length can make the server allocate.
#pragma once

#include "server_calls.hpp"

namespace xacthuc::redis {

// Returns null where the server refuses it.
[[nodiscard]] server_type* register_partition_type(server_context* context);

// Has what happens to keys and to this node mark what it may change. Returns whether the server agreed.
[[nodiscard]] bool subscribe_to_events(server_context* context);

}  // namespace xacthuc::redis
