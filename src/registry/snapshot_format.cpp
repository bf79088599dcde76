// SPDX-License-Identifier: Apache-2.0
#include "registry/snapshot_format.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "index/slot.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// Keeps the authority's signatures under snapshots apart from any others it may make.
constexpr std::string_view signature_context = "xacthuc snapshot header, v1";
static_assert(signature_context.size() <= 32);

template <std::size_t Size>
[[nodiscard]] std::string hex(const std::array<std::byte, Size>& bytes) {
    std::array<char, 2 * Size + 1> digits{};
    sodium_bin2hex(digits.data(), digits.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return digits.data();
}

[[nodiscard]] bool all_zero(std::span<const std::byte> bytes) noexcept {
    return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

[[nodiscard]] std::span<const std::byte> bytes_of(const snapshot_header& header, std::size_t size) noexcept {
    return std::as_bytes(std::span{&header, 1}).first(size);
}

// What the authority signs: the context and the root hash.
[[nodiscard]] std::array<std::byte, 64> signed_message(const snapshot_header& header) noexcept {
    std::array<std::byte, 64> message{};
    std::ranges::copy(std::as_bytes(std::span{signature_context}), message.begin());
    std::ranges::copy(hash_for_binding(bytes_of(header, snapshot_signed_bytes)), message.begin() + 32);
    return message;
}

[[nodiscard]] damage_hash header_damage_hash(const snapshot_header& header) noexcept {
    return hash_for_damage(bytes_of(header, offsetof(snapshot_header, damage)));
}

[[nodiscard]] std::string named(const std::filesystem::path& path, std::string_view what) {
    return path.string() + ": " + std::string{what};
}

[[nodiscard]] std::string mismatch(std::string_view where, std::uint64_t offset, std::string_view hash,
                                   const std::string& expected, const std::string& found) {
    return std::string{where} + " at offset " + std::to_string(offset) + ": " + std::string{hash} + " expected " +
           expected + ", found " + found;
}

[[nodiscard]] std::string block_name(std::size_t partition) {
    return "partition " + std::to_string(partition);
}

// The fields of a header that its damage hash covers, one against the other: only a faulty writer gets them wrong.
// Returns what is wrong, or nothing.
[[nodiscard]] std::string_view contradiction(const snapshot_header& header) noexcept {
    const auto& directory = header.directory;
    const auto& blocks = header.blocks;
    if (header.byte_order != snapshot_byte_order) return "the byte order is not little-endian";
    if (header.header_bytes != sizeof(snapshot_header)) return "the header's size is not 512";
    if (header.section_count != 2) return "there are not two sections";
    if (header.partition_count == 0 || header.partition_count > partition_count)
        return "the number of partitions is out of range";
    if ((header.flags & ~snapshot_flag_keys) != 0) return "an unknown flag is set";
    if (directory.kind != snapshot_section_kind::directory || blocks.kind != snapshot_section_kind::blocks)
        return "a section is of unknown kind";
    if (!all_zero(header.zero_1) || !all_zero(header.zero_2) || directory.zero_1 != 0 || directory.zero_2 != 0 ||
        blocks.zero_1 != 0 || blocks.zero_2 != 0 || !all_zero(blocks.damage) || !all_zero(blocks.binding))
        return "unused bytes are not zero";
    if (directory.offset != sizeof(snapshot_header) ||
        directory.size_bytes != header.partition_count * sizeof(snapshot_entry))
        return "the directory is not where it must be";
    if (blocks.offset != snapshot_blocks_offset(header.partition_count) || header.file_bytes < blocks.offset ||
        blocks.size_bytes != header.file_bytes - blocks.offset)
        return "the blocks are not where they must be";
    // Two records a line: a bound that also keeps every later sum of counts far from overflow.
    if (header.citizens > blocks.size_bytes / sizeof(line) * slots_per_line)
        return "more citizens than the blocks have room for";
    return {};
}

[[nodiscard]] std::uint64_t count_live(std::span<const std::byte> lines) noexcept {
    std::uint64_t live = 0;
    for (std::size_t at = 0; at < lines.size(); at += sizeof(slot)) {
        std::uint64_t word = 0;
        std::memcpy(&word, lines.data() + at, sizeof word);
        live += static_cast<std::uint64_t>(slot_word::state_of(word) == slot_state::live);
    }
    return live;
}

}  // namespace

void seal_header(snapshot_header& header, std::span<const snapshot_entry> directory, const authority_key& authority) {
    header.directory.damage = hash_for_damage(std::as_bytes(directory));
    header.directory.binding = hash_for_binding(std::as_bytes(directory));
    header.authority = authority.public_key().key();
    header.signature = authority.sign(signed_message(header));
    header.damage = header_damage_hash(header);
}

detailed_result<snapshot_header> parse_header(std::span<const std::byte> bytes, std::uint64_t file_bytes,
                                              const std::filesystem::path& path) {
    const auto magic = std::as_bytes(std::span{snapshot_magic});
    const auto magic_part = std::min(bytes.size(), magic.size());
    if (!std::ranges::equal(bytes.first(magic_part), magic.first(magic_part)))
        return failure{errc::not_a_snapshot, named(path, "its first bytes are another kind of file's")};
    snapshot_header header;
    if (bytes.size() < sizeof header)
        return failure{errc::truncated, named(path, "a snapshot has a header of 512 bytes, the file has ") +
                                            std::to_string(bytes.size())};
    std::memcpy(&header, bytes.data(), sizeof header);
    // Before the checksum: a newer version may have it elsewhere. Magic and version stay where they are for good.
    if (header.version > snapshot_version)
        return failure{errc::newer_version, named(path, "version ") + std::to_string(header.version) +
                                                ", this program knows up to " + std::to_string(snapshot_version)};
    if (const auto found = header_damage_hash(header); found != header.damage)
        return failure{errc::damaged_header,
                       named(path, mismatch("the header", 0, "XXH3-128", hex(header.damage), hex(found)))};
    if (header.version == 0) return failure{errc::damaged_header, named(path, "there is no version 0")};
    if (header.version < snapshot_version)
        return failure{errc::older_version,
                       named(path, "version ") + std::to_string(header.version) +
                           ", whose names are digested in another way: import the register again from its source"};
    if (const auto what = contradiction(header); !what.empty()) return failure{errc::damaged_header, named(path, what)};
    if (file_bytes < header.file_bytes)
        return failure{errc::truncated, named(path, "it must have ") + std::to_string(header.file_bytes) +
                                            " bytes, found " + std::to_string(file_bytes)};
    if (file_bytes > header.file_bytes)
        return failure{errc::trailing_bytes, named(path, "it must have ") + std::to_string(header.file_bytes) +
                                                 " bytes, found " + std::to_string(file_bytes)};
    return header;
}

bool signature_verifies(const snapshot_header& header, const authority_public_key& authority) noexcept {
    return authority.verifies(signed_message(header), header.signature);
}

detailed_result<void> check_authority(const snapshot_header& header, const authority_public_key& trusted,
                                      const std::filesystem::path& path) {
    if (const auto signer = authority_public_key{header.authority}; signer != trusted)
        return failure{errc::foreign_authority,
                       named(path, "signed by " + signer.text() + ", trusted is " + trusted.text())};
    if (!signature_verifies(header, trusted))
        return failure{errc::bad_signature, named(path, "the header is not what " + trusted.text() + " signed")};
    return {};
}

detailed_result<std::vector<snapshot_entry>> parse_directory(const snapshot_header& header,
                                                             std::span<const std::byte> bytes,
                                                             const std::filesystem::path& path) {
    const auto& section = header.directory;
    const auto content = bytes.first(static_cast<std::size_t>(section.size_bytes));
    if (const auto found = hash_for_damage(content); found != section.damage)
        return failure{errc::checksum_mismatch, named(path, mismatch("the directory", section.offset, "XXH3-128",
                                                                     hex(section.damage), hex(found)))};
    if (const auto found = hash_for_binding(content); found != section.binding)
        return failure{errc::checksum_mismatch, named(path, mismatch("the directory", section.offset, "BLAKE2b-256",
                                                                     hex(section.binding), hex(found)))};
    if (const auto padding = bytes.subspan(content.size()); !all_zero(padding))
        return failure{errc::checksum_mismatch,
                       named(path, "the bytes between directory and blocks, from offset " +
                                       std::to_string(section.offset + section.size_bytes) + ", are not all zero")};
    std::vector<snapshot_entry> directory(header.partition_count);
    std::memcpy(directory.data(), content.data(), content.size());
    auto offset = header.blocks.offset;
    for (std::size_t partition = 0; partition < directory.size(); ++partition) {
        const auto& entry = directory[partition];
        if (entry.offset != offset || entry.size_bytes > header.file_bytes - offset ||
            entry.size_bytes < sizeof(block_head) || entry.size_bytes % sizeof(line) != 0)
            return failure{errc::damaged_header,
                           named(path, "the directory places " + block_name(partition) + " at offset " +
                                           std::to_string(entry.offset) + " with " + std::to_string(entry.size_bytes) +
                                           " bytes, which cannot be")};
        offset += entry.size_bytes;
    }
    if (offset != header.file_bytes)
        return failure{errc::damaged_header, named(path, "the blocks end at offset " + std::to_string(offset) +
                                                             ", the file at " + std::to_string(header.file_bytes))};
    return directory;
}

detailed_result<std::uint64_t> check_block(const snapshot_header& header, const snapshot_entry& entry,
                                           std::size_t partition, std::span<const std::byte> block,
                                           snapshot_check check, const std::filesystem::path& path) {
    if (check != snapshot_check::directory) {
        if (const auto found = hash_for_damage(block); found != entry.damage)
            return failure{errc::checksum_mismatch, named(path, mismatch(block_name(partition), entry.offset,
                                                                         "XXH3-128", hex(entry.damage), hex(found)))};
    }
    block_head head;
    std::memcpy(&head, block.data(), sizeof head);
    const bool with_keys = (header.flags & snapshot_flag_keys) != 0;
    std::string_view wrong;
    if (head.magic != block_head::magic_value)
        wrong = "has no block's magic number";
    else if (head.partition != partition)
        wrong = "is another partition's";
    else if (head.line_count == 0 || head.line_count > table_word::line_count_max)
        wrong = "has a number of lines out of range";
    else if (head.key_bytes != (with_keys ? public_key_bytes : 0))
        wrong = "has a key column where the header has none, or the other way round";
    else if (!all_zero(std::as_bytes(std::span{head.spare})))
        wrong = "has unused bytes that are not zero";
    else if (block_bytes(head.line_count, with_keys) != entry.size_bytes)
        wrong = "has not the size of its lines";
    if (!wrong.empty())
        return failure{errc::damaged_header, named(path, block_name(partition) + " at offset " +
                                                             std::to_string(entry.offset) + " " + std::string{wrong})};
    if (check == snapshot_check::directory) return head.live_count;
    const auto live = count_live(block.subspan(sizeof head, std::size_t{head.line_count} * sizeof(line)));
    if (live != head.live_count)
        return failure{
            errc::damaged_header,
            named(path, block_name(partition) + " at offset " + std::to_string(entry.offset) + " says " +
                            std::to_string(head.live_count) + " live records and has " + std::to_string(live))};
    return live;
}

failure block_mismatch(const snapshot_entry& entry, std::size_t partition, const binding_hash& found,
                       const std::filesystem::path& path) {
    return {errc::checksum_mismatch,
            named(path, mismatch(block_name(partition), entry.offset, "BLAKE2b-256", hex(entry.binding), hex(found)))};
}

snapshot_facts facts_of(const snapshot_header& header) noexcept {
    return {.version = header.version,
            .index = {.placement_seed = header.placement_seed,
                      .citizens = header.citizens,
                      .digest_key_fingerprint = header.digest_key_fingerprint,
                      .as_of = {header.sequence, header.as_of_unix_ms},
                      .with_keys = (header.flags & snapshot_flag_keys) != 0,
                      .read_only = false},
            .created_unix_ms = header.created_unix_ms,
            .file_bytes = header.file_bytes,
            .blocks_bytes = header.blocks.size_bytes,
            .authority = authority_public_key{header.authority},
            .registry = header.registry};
}

}  // namespace xacthuc::inline v0_1
