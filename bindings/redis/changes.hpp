// SPDX-License-Identifier: Apache-2.0
// The changes of XT.UPSERT, as bytes, little-endian:
//
//   sequence 8 · as of, Unix milliseconds 8 · then for each change: kind 1 · zeros 7 · record 32 · key 32
//
// The sequence is that of the last change. A call whose sequence is not above the partition's changes nothing, so
// that it does no harm to send changes again. Sequence 0 leaves the partition's as it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::redis {

enum class change_kind : std::uint8_t {
    upsert = 0,           // the citizen keeps the key she has; the key here is zeros
    upsert_with_key = 1,  // all zeros is "none"
    erase = 2,            // the record has nothing but the id
    set_key = 3,          // likewise
};

struct partition_change {
    change_kind kind;
    record citizen;
    public_key key;
};

struct partition_changes {
    freshness as_of;
    std::vector<partition_change> changes;
};

inline constexpr std::size_t changes_head_bytes = 16;
inline constexpr std::size_t change_bytes = 72;

// Reads them, and checks each record and that it is of the partition.
// Errors: truncated; code_range (a kind that there is not, bytes that are not zero); damaged_record;
// personal_id_reserved; foreign_partition (of another one).
[[nodiscard]] detailed_result<partition_changes> read_changes(std::span<const std::byte> bytes, std::size_t partition,
                                                              std::uint64_t placement_seed);

// Makes one.
// Errors: those of the index's upsert(), erase() and set_key(), but for citizen_unknown: who is gone is gone.
[[nodiscard]] result<void> make_change(citizen_index& index, const partition_change& change);

}  // namespace xacthuc::redis
