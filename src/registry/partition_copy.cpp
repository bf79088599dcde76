// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <type_traits>
#include <xacthuc/registry/partition_copy.hpp>

#include "hash/content_hash.hpp"
#include "index/partitions.hpp"
#include "registry/block_layout.hpp"

namespace xacthuc::inline v0_1 {
namespace {

static_assert(std::endian::native == std::endian::little, "copies are little-endian, and so are the records in memory");

constexpr std::array<unsigned char, 8> copy_magic{0x89, 'X', 'T', 'P', '\r', '\n', 0x1a, '\n'};
constexpr std::uint32_t copy_version = 1;
constexpr std::uint32_t copy_flag_keys = 1;

struct copy_header {
    std::array<unsigned char, 8> magic = copy_magic;
    std::uint32_t version = copy_version;
    std::uint32_t header_bytes = 128;
    std::uint32_t partition = 0;
    std::uint32_t partitions = partition_count;
    std::uint32_t flags = 0;
    std::uint32_t zero_1 = 0;
    std::uint64_t citizens = 0;
    std::uint64_t placement_seed = 0;
    std::uint64_t digest_key_fingerprint = 0;
    std::uint64_t sequence = 0;
    std::int64_t as_of_unix_ms = 0;
    std::array<std::byte, 40> zero_2{};
    damage_hash damage{};  // of the header with the hash of what follows in this place
};
static_assert(sizeof(copy_header) == 128 && std::has_unique_object_representations_v<copy_header>);

[[nodiscard]] bool has_keys(const copy_header& header) noexcept {
    return (header.flags & copy_flag_keys) != 0;
}
[[nodiscard]] std::uint64_t bytes_a_citizen(const copy_header& header) noexcept {
    return sizeof(record) + (has_keys(header) ? public_key_bytes : 0);
}

[[nodiscard]] damage_hash hash_of(copy_header header, std::span<const std::byte> body) noexcept {
    header.damage = hash_for_damage(body);
    return hash_for_damage(std::as_bytes(std::span{&header, 1}));
}

[[nodiscard]] partition_copy_facts facts_of(const copy_header& header) noexcept {
    return {header.partition, header.citizens,       {header.sequence, header.as_of_unix_ms},
            has_keys(header), header.placement_seed, header.digest_key_fingerprint};
}

[[nodiscard]] failure refused(errc code, std::string what) {
    return {code, "the copy of a partition: " + std::move(what)};
}

// The header, when the bytes are what some export wrote.
[[nodiscard]] detailed_result<copy_header> whole_copy(std::span<const std::byte> bytes) {
    copy_header header;
    const auto known = std::min(bytes.size(), copy_magic.size());
    if (known == 0 || std::memcmp(bytes.data(), copy_magic.data(), known) != 0)
        return refused(errc::not_a_partition, "it begins otherwise");
    if (bytes.size() < sizeof header) return refused(errc::truncated, std::to_string(bytes.size()) + " bytes");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.version > copy_version)
        return refused(errc::newer_version,
                       "version " + std::to_string(header.version) + ", known is " + std::to_string(copy_version));
    const auto body = bytes.subspan(sizeof header);
    const bool is_sound = header.version == copy_version && header.header_bytes == sizeof header &&
                          header.partitions == partition_count && header.partition < partition_count &&
                          header.flags <= copy_flag_keys && header.zero_1 == 0 &&
                          header.zero_2 == decltype(header.zero_2){} && header.citizens <= ~std::uint64_t{0} / 64;
    if (!is_sound) return refused(errc::damaged_header, "its header cannot be one");
    const auto wanted = header.citizens * bytes_a_citizen(header);
    const auto sizes = [&] { return std::to_string(body.size()) + " bytes, wanted " + std::to_string(wanted); };
    if (body.size() < wanted) return refused(errc::truncated, sizes());
    if (body.size() > wanted) return refused(errc::trailing_bytes, sizes());
    if (hash_of(header, body) != header.damage)
        return refused(errc::checksum_mismatch, "partition " + std::to_string(header.partition));
    return header;
}

[[nodiscard]] detailed_result<void> check_fit(const copy_header& header, const index_facts& index) {
    if (header.digest_key_fingerprint != index.digest_key_fingerprint)
        return refused(errc::foreign_digest_key, "the names in it are another register's");
    if (header.placement_seed != index.placement_seed)
        return refused(errc::foreign_partition, "another placement seed");
    if (has_keys(header) != index.with_keys)
        return refused(errc::foreign_partition, has_keys(header) ? "it has keys" : "it has no keys");
    return {};
}

// How many lines the longest path has when so many lines take these homes. Chosen ids may all come to one place, and
// whoever lays them out would walk there for each.
[[nodiscard]] std::uint64_t longest_path(std::span<const std::uint32_t> homes) {
    const auto lines = table_loads::lines_for(homes.size() + 1);
    std::vector<std::uint32_t> come(static_cast<std::size_t>(lines));
    for (const auto home : homes) ++come[static_cast<std::size_t>(std::uint64_t{home} * lines >> 32)];
    std::uint64_t left_over = 0;
    std::uint64_t most = 0;
    // Twice around: what is left over at the end goes on at the beginning.
    for (int round = 0; round < 2; ++round)
        for (const auto here : come) {
            left_over += here;
            left_over -= std::min<std::uint64_t>(left_over, slots_per_line);
            most = std::max(most, left_over);
        }
    return most / slots_per_line;
}

[[nodiscard]] detailed_result<void> check_records(const copy_header& header, std::span<const record> records) {
    std::vector<std::uint32_t> homes;
    homes.reserve(records.size());
    std::uint64_t before = 0;
    for (const auto& r : records) {
        const auto id = layout::id.get(r.words[0]);
        const auto hash = placement_hash(id, header.placement_seed);
        const bool is_bare = (r.words[0] & ~(layout::id.mask() | layout::version.mask())) == 0;
        if (!is_bare || id <= before || !personal_id::from_value(id) || partition_of(hash) != header.partition ||
            !is_intact(r))
            return refused(errc::damaged_record, "record " + std::to_string(homes.size()));
        before = id;
        homes.push_back(static_cast<std::uint32_t>(hash));
    }
    if (longest_path(homes) > path_lines_max) return refused(errc::path_too_long, {});
    return {};
}

struct whole_partition {
    copy_header header{};
    std::vector<record> records{};
    std::span<const public_key> keys{};  // in the bytes
};

// Everything that can be said of a copy without an index.
[[nodiscard]] detailed_result<whole_partition> checked_partition(std::span<const std::byte> bytes,
                                                                 const index_facts* fits) {
    const auto header = whole_copy(bytes);
    if (!header) return header.error();
    if (fits != nullptr)
        if (auto fit = check_fit(*header, *fits); !fit) return fit.error();
    whole_partition whole{.header = *header,
                          .records = std::vector<record>(static_cast<std::size_t>(header->citizens))};
    const auto body = bytes.subspan(sizeof *header);
    const auto keys = body.subspan(whole.records.size() * sizeof(record));
    whole.keys = {reinterpret_cast<const public_key*>(keys.data()), keys.size() / sizeof(public_key)};
    if (!whole.records.empty()) std::memcpy(whole.records.data(), body.data(), whole.records.size() * sizeof(record));
    if (auto good = check_records(*header, whole.records); !good) return good.error();
    return whole;
}

}  // namespace

detailed_result<partition_copy_facts> export_partition(const citizen_index& from, std::size_t partition,
                                                       std::vector<std::byte>& to) {
    const auto facts = from.facts();
    std::vector<std::byte> block;
    if (auto copied = from.copy_block(partition, block); !copied) return copied.error();
    std::vector<kept_citizen> citizens;
    take_citizens(block, citizens);
    std::ranges::sort(citizens, {}, &kept_citizen::id);
    copy_header header;
    header.partition = static_cast<std::uint32_t>(partition);
    header.flags = facts.with_keys ? copy_flag_keys : 0;
    header.citizens = citizens.size();
    header.placement_seed = facts.placement_seed;
    header.digest_key_fingerprint = facts.digest_key_fingerprint;
    header.sequence = facts.as_of.sequence;
    header.as_of_unix_ms = facts.as_of.as_of_unix_ms;
    to.resize(sizeof header + citizens.size() * bytes_a_citizen(header));
    const auto body = std::span{to}.subspan(sizeof header);
    const auto keys = body.subspan(citizens.size() * sizeof(record));
    for (std::size_t i = 0; i < citizens.size(); ++i) {
        std::memcpy(&body[i * sizeof(record)], citizens[i].facts.words.data(), sizeof(record));
        if (has_keys(header)) std::memcpy(&keys[i * public_key_bytes], &citizens[i].key, public_key_bytes);
    }
    header.damage = hash_of(header, body);
    std::memcpy(to.data(), &header, sizeof header);
    return facts_of(header);
}

detailed_result<partition_copy_facts> check_partition(std::span<const std::byte> bytes) {
    const auto whole = checked_partition(bytes, nullptr);
    if (!whole) return whole.error();
    return facts_of(whole->header);
}

detailed_result<partition_copy_facts> import_partition(citizen_index& into, std::span<const std::byte> bytes) {
    const auto facts = into.facts();
    const auto whole = checked_partition(bytes, &facts);
    if (!whole) return whole.error();
    if (auto added = into.add_partition(whole->header.partition, whole->records, whole->keys); !added)
        return added.error();
    return facts_of(whole->header);
}

}  // namespace xacthuc::inline v0_1
