// SPDX-License-Identifier: Apache-2.0
// Reading and checking a snapshot's blocks, for any number of partitions up to an index's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/index/huge_pages.hpp>
#include <xacthuc/registry/snapshot.hpp>

#include "files/file.hpp"
#include "registry/snapshot_format.hpp"

namespace xacthuc::inline v0_1 {

// A snapshot whose header and directory are the trusted authority's, for reading block by block.
struct opened_snapshot {
    open_file file;
    snapshot_header header;
    std::vector<snapshot_entry> directory;

    // The block as it was signed, or an error. Requires: to.size() is the entry's. Concurrency: any thread.
    // Errors: io; checksum_mismatch; damaged_header.
    [[nodiscard]] detailed_result<void> read_block(std::size_t partition, std::span<std::byte> to) const;
};

// Errors: those of load_snapshot() but for the blocks'.
[[nodiscard]] detailed_result<opened_snapshot> open_snapshot(
    const file_calls& calls, const std::filesystem::path& path, const authority_public_key& trusted,
    std::size_t partitions, const std::optional<std::uint64_t>& digest_key_fingerprint);

// Blocks that passed every check asked for.
struct checked_blocks {
    snapshot_header header;
    huge_pages memory;
    std::vector<std::uint64_t> offsets;  // into memory, one a partition
};

// See load_snapshot() and map_snapshot(). A snapshot with another number of partitions is refused as damaged_header.
[[nodiscard]] detailed_result<checked_blocks> read_blocks(const file_calls& calls, const std::filesystem::path& path,
                                                          const authority_public_key& trusted, std::size_t partitions,
                                                          const load_snapshot_options& how);
[[nodiscard]] detailed_result<checked_blocks> map_blocks(const file_calls& calls, const std::filesystem::path& path,
                                                         const authority_public_key& trusted, std::size_t partitions,
                                                         const map_snapshot_options& how);
// load_snapshot() by way of these calls.
[[nodiscard]] detailed_result<citizen_index> load_snapshot_by(const file_calls& calls,
                                                              const std::filesystem::path& path,
                                                              const authority_public_key& trusted,
                                                              const load_snapshot_options& how);
[[nodiscard]] detailed_result<snapshot_header> read_header(const file_calls& calls, const std::filesystem::path& path);

}  // namespace xacthuc::inline v0_1
