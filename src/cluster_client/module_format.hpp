// SPDX-License-Identifier: Apache-2.0
// What the module for Redis and Valkey and its clients say to each other in bytes, little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <xacthuc/cluster_client/cluster_answers.hpp>

namespace xacthuc::inline v0_1::cluster {

// Requests in one call of XT.VERIFY; more would keep other clients waiting for too long.
inline constexpr std::size_t requests_max = 65'536;

// A row of what XT.VERIFY says of each partition that it answered from, and XT.INFO PARTITIONS of all.
struct partition_freshness {
    std::uint64_t partition;
    std::uint64_t sequence;
    std::int64_t as_of_unix_ms;
};
static_assert(sizeof(partition_freshness) == 24);

// The register that a question is for, as XT.VERIFY takes it.
static_assert(sizeof(register_identity) == 16);

// How the error begins that says that the register here is another.
inline constexpr const char* other_register = "OTHERREGISTER";

}  // namespace xacthuc::inline v0_1::cluster
