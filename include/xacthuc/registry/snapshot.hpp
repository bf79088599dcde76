// SPDX-License-Identifier: Apache-2.0
// Snapshots: one file that holds the whole index at a sequence number, signed by the registry's authority.
// docs/snapshot-format.md describes it byte by byte.
//
// What is known about an index that came from a snapshot, from the weakest check to the strongest:
//   directory    the header and the directory are the authority's; the blocks have not been looked at
//   damage       and every block has its XXH3-128: no accident changed it, a forger still could have
//   everything   and every block has its BLAKE2b-256: it is, bit by bit, what the authority signed
// Loading always checks everything. Only map_snapshot() lets the caller ask for less.
//
// A signature says who wrote a snapshot, not that it is the latest: compare as_of() with what is expected.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/index/citizen_index.hpp>
#include <xacthuc/registry/authority.hpp>

namespace xacthuc::inline v0_1 {

// Called now and then with partitions done of partition_count, always by the calling thread; may be empty. What it
// throws ends the call, which has then done nothing.
using snapshot_progress = std::function<void(std::size_t)>;

// Made at random with a registry, and in all its snapshots; zeros in a snapshot that is no registry's.
using registry_id = std::array<std::byte, 16>;

// What a snapshot's header says.
struct snapshot_facts {
    std::uint32_t version = 0;
    index_facts index;
    std::int64_t created_unix_ms = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t blocks_bytes = 0;
    authority_public_key authority;
    registry_id registry{};
    // What inspect_snapshot() found: the header is signed by the authority that it names.
    bool signature_verifies = false;
};

// How a snapshot is saved.
struct save_snapshot_options {
    unsigned threads = 1;
    // Written into the header; now, when absent.
    std::optional<std::int64_t> created_unix_ms{};
    snapshot_progress report{};
};

// How a snapshot is loaded.
struct load_snapshot_options {
    unsigned threads = 1;
    // Refuse a snapshot whose names were digested under another key.
    std::optional<std::uint64_t> digest_key_fingerprint{};
    snapshot_progress report{};
};

// What is checked of a snapshot before it is served: see the list at the head of this file.
enum class snapshot_check : std::uint8_t { directory, damage, everything };

// How a snapshot is mapped.
struct map_snapshot_options {
    unsigned threads = 1;
    std::optional<std::uint64_t> digest_key_fingerprint{};
    snapshot_check check = snapshot_check::everything;
    snapshot_progress report{};
};

// Writes the index to `path`, mode 0600, over what is there. The file is written under another name beside it, synced,
// renamed, and the directory synced: at every moment `path` is either the whole old snapshot or the whole new one, and
// when this returns without an error, the new one is there after a power cut. What an interrupted save left behind is
// removed by the next save to the same path.
// Every record is checked against its integrity bits on the way, so damage in memory is not signed.
// Requires: no writer runs on the index.
// Returns the facts of what was written.
// Complexity: linear in the index.
// Memory: about 4 MiB a thread.
// Concurrency: several saves to one path may run, from any threads and processes: the last to end stays.
// Errors: disk_full; io; not_found (no such directory); damaged_record. After an error the old snapshot is as it was
// and the temporary file gone - but for io from syncing the directory, which comes after the rename.
[[nodiscard]] XACTHUC_API detailed_result<snapshot_facts> save_snapshot(const citizen_index& index,
                                                                        const std::filesystem::path& path,
                                                                        const authority_key& authority,
                                                                        const save_snapshot_options& how = {});

// Reads a snapshot into huge pages with `threads` threads, the caller's among them, and checks everything.
// Errors: each with the file and the place. not_found; io; not_a_snapshot; newer_version; older_version; truncated;
// trailing_bytes; damaged_header; foreign_authority; bad_signature; checksum_mismatch (names the partition);
// foreign_digest_key; out_of_memory (before work starts).
[[nodiscard]] XACTHUC_API detailed_result<citizen_index> load_snapshot(const std::filesystem::path& path,
                                                                       const authority_public_key& trusted,
                                                                       const load_snapshot_options& how = {});

// Opens a snapshot for reading in place: no copy, and no memory except the page cache. It has small pages, so answers
// are slower; the index is read_only. By default everything is checked, which reads the whole file once. With less,
// opening is instant or cheap, and what is then served is only as good as the list above says.
// Requires: nobody writes into the file itself, or makes it shorter, while it is mapped. A save over it does not do
// that: it replaces the name, and the mapping keeps the old file. If the file is made shorter all the same, or its disk
// fails, the next look at the missing part ends the process by SIGBUS: never a wrong answer. load_snapshot() makes a
// copy in memory, and nothing can happen to that.
// Errors: as load_snapshot().
[[nodiscard]] XACTHUC_API detailed_result<citizen_index> map_snapshot(const std::filesystem::path& path,
                                                                      const authority_public_key& trusted,
                                                                      const map_snapshot_options& how = {});

// What the header says about the snapshot. It is checked for damage, and its signature against the authority that it
// names: the caller must compare whether that authority is to be trusted. Reads 512 bytes; serves nothing.
// Errors: not_found; io; not_a_snapshot; newer_version; older_version; truncated; trailing_bytes; damaged_header.
[[nodiscard]] XACTHUC_API detailed_result<snapshot_facts> inspect_snapshot(const std::filesystem::path& path);

}  // namespace xacthuc::inline v0_1
