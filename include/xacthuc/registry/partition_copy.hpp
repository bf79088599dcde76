// SPDX-License-Identifier: Apache-2.0
// One partition of an index as bytes that check themselves, so that it can move from one process or machine to another.
//
//   0    magic 8 · version 4 · header bytes 4 · partition 4 · partitions 4 · flags 4 (1: keys) · zero 4
//   32   citizens 8 · placement seed 8 · digest key's fingerprint 8 · sequence 8 · as of 8 (Unix ms) · zero 40
//   112  XXH3-128 of the 128 bytes, with the XXH3-128 of what follows in this place 16
//   128  citizens × record 32, by id; word 0 is the id and the version
//        citizens × key 32, in the same order, where there are keys
//
// The same citizens give the same bytes. The hash finds accidents, and no forger: whom the bytes come from is to be
// known by other means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::inline v0_1 {

// What a copy is of.
struct partition_copy_facts {
    std::size_t partition = 0;
    std::uint64_t citizens = 0;
    freshness as_of{};  // of the index, before the copy was made
    bool with_keys = false;
    std::uint64_t placement_seed = 0;
    std::uint64_t digest_key_fingerprint = 0;
};

// Writes what the partition holds at one moment during the call. `to` is resized.
// Concurrency: lock-free but for the allocator; readers and writers may run.
// Errors: partition_elsewhere; damaged_record.
[[nodiscard]] XACTHUC_API detailed_result<partition_copy_facts> export_partition(const citizen_index& from,
                                                                                 std::size_t partition,
                                                                                 std::vector<std::byte>& to);

// What the bytes are a copy of, when they are one: import_partition() would take them into an index of these facts.
// Memory: a copy of the bytes.
// Concurrency: any thread.
// Errors: not_a_partition; newer_version; truncated; trailing_bytes; checksum_mismatch; damaged_header; damaged_record;
// path_too_long.
[[nodiscard]] XACTHUC_API detailed_result<partition_copy_facts> check_partition(std::span<const std::byte> bytes);

// Brings the partition into an index where it is elsewhere: readers find it elsewhere or whole, never a part of it. The
// bytes may come from anybody: whatever is not a copy that fits changes nothing.
// Memory: a copy of the bytes.
// Concurrency: lock-free but for the allocator; readers and writers may run.
// Errors: not_a_partition; newer_version; truncated; trailing_bytes; checksum_mismatch; damaged_header; damaged_record
// (one that fails its check, is of another partition, or is not in its place); path_too_long; foreign_digest_key;
// foreign_partition (another placement seed, or keys where the index has no room for them, or none where it has);
// those of citizen_index::add_partition().
[[nodiscard]] XACTHUC_API detailed_result<partition_copy_facts> import_partition(citizen_index& into,
                                                                                 std::span<const std::byte> bytes);

}  // namespace xacthuc::inline v0_1
