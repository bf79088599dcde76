// SPDX-License-Identifier: Apache-2.0
// Writing a snapshot from blocks, for any number of partitions up to an index's.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <xacthuc/registry/snapshot.hpp>

#include "registry/file.hpp"

namespace xacthuc {

// See save_snapshot(). `blocks` are the partitions' in order. Errors: also damaged_record when `facts.citizens` is not
// the number of live records in the blocks.
[[nodiscard]] detailed_result<snapshot_facts> write_snapshot(const file_calls& calls, const std::filesystem::path& path,
                                                             const index_facts& facts,
                                                             std::span<const std::span<const std::byte>> blocks,
                                                             const authority_key& authority,
                                                             const save_snapshot_options& how);

}  // namespace xacthuc
