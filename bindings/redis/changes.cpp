// SPDX-License-Identifier: Apache-2.0
#include "changes.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace xacthuc::redis {
namespace {

[[nodiscard]] result<void> check(const partition_change& change, std::size_t partition, std::uint64_t placement_seed) {
    const auto id = layout::id.get(change.citizen.words[0]);
    if (id == 0 || id >= personal_id::value_end) return errc::personal_id_reserved;
    if (partition_of(placement_hash(id, placement_seed)) != partition) return errc::foreign_partition;
    const bool has_record = change.kind == change_kind::upsert || change.kind == change_kind::upsert_with_key;
    if (has_record && !is_intact(change.citizen)) return errc::damaged_record;
    const bool has_key = change.kind == change_kind::upsert_with_key || change.kind == change_kind::set_key;
    if (!has_key && change.key != public_key{}) return errc::code_range;
    return {};
}

}  // namespace

detailed_result<partition_changes> read_changes(std::span<const std::byte> bytes, std::size_t partition,
                                                std::uint64_t placement_seed) {
    if (bytes.size() <= changes_head_bytes || (bytes.size() - changes_head_bytes) % change_bytes != 0)
        return failure{errc::truncated, std::to_string(bytes.size()) + " bytes of changes"};
    partition_changes read;
    std::memcpy(&read.as_of.sequence, bytes.data(), sizeof read.as_of.sequence);
    std::memcpy(&read.as_of.as_of_unix_ms, bytes.data() + 8, sizeof read.as_of.as_of_unix_ms);
    read.changes.reserve((bytes.size() - changes_head_bytes) / change_bytes);
    for (auto at = changes_head_bytes; at < bytes.size(); at += change_bytes) {
        std::array<std::uint8_t, 8> kind{};
        partition_change change{};
        std::memcpy(kind.data(), bytes.data() + at, kind.size());
        std::memcpy(change.citizen.words.data(), bytes.data() + at + 8, sizeof change.citizen);
        std::memcpy(&change.key, bytes.data() + at + 40, sizeof change.key);
        const auto number = "change " + std::to_string(read.changes.size());
        if (kind[0] > static_cast<std::uint8_t>(change_kind::set_key) ||
            std::any_of(kind.begin() + 1, kind.end(), [](std::uint8_t b) { return b != 0; }))
            return failure{errc::code_range, number};
        change.kind = static_cast<change_kind>(kind[0]);
        if (const auto checked = check(change, partition, placement_seed); !checked)
            return failure{checked.error(), number};
        read.changes.push_back(change);
    }
    return read;
}

result<void> make_change(citizen_index& index, const partition_change& change) {
    const auto id = personal_id::from_trusted(layout::id.get(change.citizen.words[0]));
    const auto made = [&]() -> result<citizen_index::change_result> {
        switch (change.kind) {
            case change_kind::upsert:
                return index.upsert(change.citizen);
            case change_kind::upsert_with_key:
                return index.upsert(change.citizen, change.key);
            case change_kind::erase:
                return index.erase(id);
            case change_kind::set_key:
                return index.set_key(id, change.key);
        }
        return errc::code_range;
    }();
    if (!made && made.error() != errc::citizen_unknown) return made.error();
    return {};
}

}  // namespace xacthuc::redis
