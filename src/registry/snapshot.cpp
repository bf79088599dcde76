// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <span>
#include <utility>
#include <vector>
#include <xacthuc/registry/snapshot.hpp>

#include "files/file.hpp"
#include "registry/snapshot_format.hpp"
#include "registry/snapshot_reader.hpp"
#include "registry/snapshot_writer.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] detailed_result<citizen_index> index_of(detailed_result<checked_blocks> blocks, bool read_only) {
    if (!blocks) return blocks.error();
    auto facts = facts_of(blocks->header).index;
    facts.read_only = read_only;
    const auto offsets = std::make_unique<citizen_index::block_offsets>();
    std::ranges::copy(blocks->offsets, offsets->begin());
    return citizen_index::from_blocks(facts, std::move(blocks->memory), *offsets);
}

}  // namespace

detailed_result<snapshot_facts> save_snapshot(const citizen_index& index, const std::filesystem::path& path,
                                              const authority_key& authority, const save_snapshot_options& how) {
    return write_snapshot(system_file_calls(), path, index.facts(), blocks_of(index), authority, how);
}

detailed_result<citizen_index> load_snapshot_by(const file_calls& calls, const std::filesystem::path& path,
                                                const authority_public_key& trusted, const load_snapshot_options& how) {
    return index_of(read_blocks(calls, path, trusted, partition_count, how), false);
}

detailed_result<citizen_index> load_snapshot(const std::filesystem::path& path, const authority_public_key& trusted,
                                             const load_snapshot_options& how) {
    return load_snapshot_by(system_file_calls(), path, trusted, how);
}

detailed_result<citizen_index> map_snapshot(const std::filesystem::path& path, const authority_public_key& trusted,
                                            const map_snapshot_options& how) {
    return index_of(map_blocks(system_file_calls(), path, trusted, partition_count, how), true);
}

detailed_result<snapshot_facts> inspect_snapshot(const std::filesystem::path& path) {
    const auto header = read_header(system_file_calls(), path);
    if (!header) return header.error();
    auto facts = facts_of(*header);
    facts.signature_verifies = signature_verifies(*header, facts.authority);
    return facts;
}

}  // namespace xacthuc::inline v0_1
