// SPDX-License-Identifier: Apache-2.0
// Writing a snapshot from blocks, for any number of partitions up to an index's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <vector>
#include <xacthuc/registry/snapshot.hpp>

#include "files/file.hpp"
#include "hash/content_hash.hpp"

namespace xacthuc::inline v0_1 {

// Where the blocks of a snapshot come from: how large each is, and what is in it.
struct block_source {
    std::vector<std::uint64_t> sizes;
    // Writes a partition's block. Called once for each, by any of the threads.
    std::function<detailed_result<void>(std::size_t partition, std::span<std::byte> to)> fill;
    // How many live records there must be; without it, as many as there are.
    std::optional<std::uint64_t> citizens{};
};

// The partitions' blocks in order, to be copied from where they lie.
[[nodiscard]] block_source blocks_at(std::vector<std::span<const std::byte>> blocks, std::uint64_t citizens);

// An index's. Requires: no writer runs.
[[nodiscard]] block_source blocks_of(const citizen_index& index);

// Whose snapshot it is: of which registry, and where in its log. Zeros: no registry's.
struct snapshot_bond {
    registry_id registry{};
    binding_hash change_seal{};
};

// See save_snapshot(); facts.citizens is not looked at. Errors: those of the source; damaged_record, also when there
// are not as many live records in the blocks as there must be.
[[nodiscard]] detailed_result<snapshot_facts> write_snapshot(const file_calls& calls, const std::filesystem::path& path,
                                                             const index_facts& facts, const block_source& blocks,
                                                             const authority_key& authority,
                                                             const save_snapshot_options& how,
                                                             const snapshot_bond& bond = {});
// The same of blocks that lie in memory.
[[nodiscard]] detailed_result<snapshot_facts> write_snapshot(const file_calls& calls, const std::filesystem::path& path,
                                                             const index_facts& facts,
                                                             std::span<const std::span<const std::byte>> blocks,
                                                             const authority_key& authority,
                                                             const save_snapshot_options& how);

}  // namespace xacthuc::inline v0_1
