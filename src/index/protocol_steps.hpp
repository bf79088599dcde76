// SPDX-License-Identifier: Apache-2.0
// The steps of the protocol that could be forgotten. The library has them all; tests/concurrency leaves out one at a
// time, to see that its exploration notices (docs/concurrency.md has the table).
#pragma once

#include <atomic>

#include "index/epoch.hpp"

namespace xacthuc::inline v0_1 {

struct sound_steps : epoch_steps {
    // Changing a table.
    static constexpr bool fills_before_deciding = true;    // a slot's payload is written before the change is decided
    static constexpr bool helps_before_scanning = true;    // the last change is carried out before the next is planned
    static constexpr bool scans_whole_path = true;         // an id is unknown only when its whole path was looked at
    static constexpr bool links_before_publishing = true;  // the former slot is marked moved before the successor lives
    static constexpr bool revives_in_chain = true;         // an erased citizen who returns is linked from the tombstone
    static constexpr bool confirms_refusals = true;        // a refusal holds only if nothing changed while it was found
    static constexpr bool claims_by_swap = true;           // a slot is claimed by compare-and-swap, not by a store
    static constexpr bool opens_before_deciding = true;    // lines are opened before a record beyond them can be seen
    static constexpr bool changes_what_is_opened = true;   // that a line was opened meanwhile stops no swap of a slot
    // Reading.
    static constexpr bool follows_links = true;
    // Replacing a table.
    static constexpr bool freezes_before_copying = true;
    static constexpr bool respects_freezing = true;      // nothing is decided for a frozen table
    static constexpr bool flags_before_swapping = true;  // readers are sent to the directory before the table changes
    static constexpr bool settles_only_unfrozen = true;  // and back to the original place only while it is in use
    static constexpr bool bumps_flag_version = true;
    static constexpr bool swaps_by_comparing = true;  // of several who replace a table one wins
    // Partitions that come and go.
    static constexpr bool refuses_elsewhere = true;        // nothing is changed in a partition that is not here
    static constexpr bool freezes_before_dropping = true;  // nothing is decided for a table once it is left out
    static constexpr bool keeps_what_is_nobodys = true;    // what stands for all partitions elsewhere is never freed
    // Reclaiming.
    static constexpr bool retires = true;
    static constexpr bool waits_for_readers = true;      // for all who entered before, not for an epoch to go by
    static constexpr bool stamps_after_swapping = true;  // the epoch of retirement is read after the table is out
    // Memory orders that hold the rest together; each is explained where it is used.
    static constexpr auto deciding = std::memory_order_release;
    static constexpr auto marking = std::memory_order_release;
    static constexpr auto learning = std::memory_order_acquire;
    static constexpr auto freezing = std::memory_order_relaxed;
    static constexpr auto publishing = std::memory_order_release;
    static constexpr auto linking = std::memory_order_release;
    static constexpr auto burying = std::memory_order_relaxed;
    static constexpr auto claiming = std::memory_order_acquire;
    static constexpr auto giving_up = std::memory_order_release;
    static constexpr auto finding_a_table = std::memory_order_seq_cst;
    static constexpr auto swapping = std::memory_order_seq_cst;
    static constexpr auto flagging = std::memory_order_seq_cst;
    static constexpr auto checking_flags = std::memory_order_acquire;
    static constexpr auto clearing = std::memory_order_release;
    static constexpr auto taking_a_place = std::memory_order_acquire;
    static constexpr auto giving_back = std::memory_order_release;
    static constexpr auto retiring_a_place = std::memory_order_relaxed;
};

}  // namespace xacthuc::inline v0_1
