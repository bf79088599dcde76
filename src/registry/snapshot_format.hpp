// SPDX-License-Identifier: Apache-2.0
// The snapshot's bytes, and every check of them that needs no file.
//
//   header      512 B                        signed; names the sections
//   directory   partition_count × 64 B       its hashes are in the header
//   zeros       to the next 4,096 B
//   blocks      one a partition, in order, without gaps; their hashes are in the directory
//
// authority's signature → header → directory's BLAKE2b-256 → each block's BLAKE2b-256: nothing else is trusted, and no
// byte is outside. The XXH3-128 beside each BLAKE2b-256 is for scrubbing at the speed of memory.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/registry/snapshot.hpp>

#include "hash/content_hash.hpp"

namespace xacthuc::inline v0_1 {

static_assert(std::endian::native == std::endian::little,
              "snapshots are little-endian, and so are the blocks in memory");

inline constexpr std::array<unsigned char, 8> snapshot_magic{0x89, 'X', 'T', 'S', '\r', '\n', 0x1a, '\n'};
inline constexpr std::uint32_t snapshot_version = 2;
inline constexpr std::uint32_t snapshot_byte_order = 0x0102'0304;
inline constexpr std::uint64_t snapshot_blocks_alignment = 4096;
inline constexpr std::uint32_t snapshot_flag_keys = 1;

enum class snapshot_section_kind : std::uint32_t { directory = 1, blocks = 2 };

struct snapshot_section {
    snapshot_section_kind kind{};
    std::uint32_t zero_1 = 0;
    std::uint64_t offset = 0;
    std::uint64_t size_bytes = 0;
    std::uint64_t zero_2 = 0;
    damage_hash damage{};    // zeros for the blocks,
    binding_hash binding{};  // whose hashes are in the directory
};
static_assert(sizeof(snapshot_section) == 80);

struct snapshot_header {
    std::array<unsigned char, 8> magic = snapshot_magic;
    std::uint32_t version = snapshot_version;
    std::uint32_t byte_order = snapshot_byte_order;
    std::uint32_t header_bytes = 512;
    std::uint32_t section_count = 2;
    std::uint64_t file_bytes = 0;
    std::uint32_t partition_count = 0;
    std::uint32_t flags = 0;
    std::uint64_t placement_seed = 0;
    std::uint64_t citizens = 0;
    std::uint64_t digest_key_fingerprint = 0;
    std::uint64_t sequence = 0;
    std::int64_t as_of_unix_ms = 0;
    std::int64_t created_unix_ms = 0;
    registry_id registry{};  // zeros: no registry's
    std::array<std::byte, 24> zero_1{};
    snapshot_section directory{snapshot_section_kind::directory};
    snapshot_section blocks{snapshot_section_kind::blocks};
    binding_hash change_seal{};  // the log's at this sequence number; zeros in a registry's first snapshot
    std::array<std::byte, 80> zero_2{};
    public_key authority{};
    authority_signature signature{};  // of all above
    damage_hash damage{};             // of all above
};
static_assert(sizeof(snapshot_header) == 512);
static_assert(std::has_unique_object_representations_v<snapshot_header>, "no byte without a name");

inline constexpr std::size_t snapshot_signed_bytes = offsetof(snapshot_header, signature);

struct snapshot_entry {
    std::uint64_t offset = 0;  // in the file
    std::uint64_t size_bytes = 0;
    damage_hash damage{};
    binding_hash binding{};
};
static_assert(sizeof(snapshot_entry) == 64 && std::has_unique_object_representations_v<snapshot_entry>);

// Where the blocks start, for this many partitions.
[[nodiscard]] constexpr std::uint64_t snapshot_blocks_offset(std::uint64_t partitions) noexcept {
    const auto end = sizeof(snapshot_header) + partitions * sizeof(snapshot_entry);
    return (end + snapshot_blocks_alignment - 1) / snapshot_blocks_alignment * snapshot_blocks_alignment;
}

// Writes the directory's hashes, the authority, the signature and the header's own hash into the header.
void seal_header(snapshot_header& header, std::span<const snapshot_entry> directory, const authority_key& authority);

// What a file begins with: `bytes` are its first 512, or all of it where there are fewer.
// Errors: not_a_snapshot; newer_version; truncated; trailing_bytes; damaged_header.
[[nodiscard]] detailed_result<snapshot_header> parse_header(std::span<const std::byte> bytes, std::uint64_t file_bytes,
                                                            const std::filesystem::path& path);

[[nodiscard]] bool signature_verifies(const snapshot_header& header, const authority_public_key& authority) noexcept;

// Errors: foreign_authority; bad_signature.
[[nodiscard]] detailed_result<void> check_authority(const snapshot_header& header, const authority_public_key& trusted,
                                                    const std::filesystem::path& path);

// `bytes` are the file's from the end of the header to the start of the blocks.
// Requires: the header came from parse_header(). Errors: checksum_mismatch; damaged_header.
[[nodiscard]] detailed_result<std::vector<snapshot_entry>> parse_directory(const snapshot_header& header,
                                                                           std::span<const std::byte> bytes,
                                                                           const std::filesystem::path& path);

// One block against its entry, as far as `check` goes, but for its BLAKE2b-256, and its head. Returns its live records.
// Errors: checksum_mismatch; damaged_header.
[[nodiscard]] detailed_result<std::uint64_t> check_block(const snapshot_header& header, const snapshot_entry& entry,
                                                         std::size_t partition, std::span<const std::byte> block,
                                                         snapshot_check check, const std::filesystem::path& path);

// The failure of a block whose BLAKE2b-256 is not its entry's.
[[nodiscard]] failure block_mismatch(const snapshot_entry& entry, std::size_t partition, const binding_hash& found,
                                     const std::filesystem::path& path);

[[nodiscard]] snapshot_facts facts_of(const snapshot_header& header) noexcept;

}  // namespace xacthuc::inline v0_1
