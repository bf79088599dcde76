// SPDX-License-Identifier: Apache-2.0
#include "ledger/group_record.hpp"

#include <algorithm>
#include <string_view>

#include "ledger/byte_cursor.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view record_magic = "xt-grp-1";
constexpr std::size_t hash_offset = group_head_bytes - sizeof(damage_hash);
constexpr std::size_t zeros = 16;
static_assert(record_magic.size() + 4 * 8 + day_key::nonce_bytes + group_leaf_bytes + zeros + sizeof(damage_hash) ==
              group_head_bytes);

[[nodiscard]] std::size_t width_of(std::size_t kinds) noexcept {
    return kinds <= 256 ? 1 : kinds <= 65'536 ? 2 : 4;
}

[[nodiscard]] damage_hash hash_of(std::span<const std::byte> head, std::span<const std::byte> payload,
                                  const damage_hash& before) {
    const auto of_payload = hash_for_damage(payload);
    std::array<std::byte, 2 * sizeof(damage_hash) + hash_offset> all;
    auto at = std::ranges::copy(before, all.begin()).out;
    at = std::ranges::copy(head.first(hash_offset), at).out;
    std::ranges::copy(of_payload, at);
    return hash_for_damage(all);
}

// Ids of five bytes each, faster than one field after the other.
void write_ids(const std::vector<std::uint64_t>& ids, std::vector<std::byte>& to) {
    const auto from = to.size();
    to.resize(from + 5 * ids.size());
    auto* at = to.data() + from;
    for (const auto id : ids) {
        store_little(id, at, 5);
        at += 5;
    }
}
template <class T>
void write_numbers(const std::vector<std::uint32_t>& numbers, std::vector<std::byte>& to) {
    const auto from = to.size();
    to.resize(from + sizeof(T) * numbers.size());
    auto* at = to.data() + from;
    for (const auto each : numbers) {
        store_little(each, at, sizeof(T));
        at += sizeof(T);
    }
}

}  // namespace

result<group_head> group_head::decode(std::span<const std::byte, group_head_bytes> bytes) noexcept {
    byte_reader from{bytes};
    const auto name = from.bytes(record_magic.size());
    if (!std::ranges::equal(name, std::as_bytes(std::span{record_magic}))) return errc::not_of_a_ledger;
    group_head head;
    head.payload_bytes = from.number(8);
    head.leaf_index = from.number(8);
    head.first_place = from.number(8);
    head.rows = from.number(8);
    from.copy(head.nonce);
    from.copy(head.entry);
    const auto filling = from.bytes(zeros);
    from.copy(head.hash);
    const auto leaf = group_leaf::decode(head.entry);
    const bool is_sound = leaf && leaf->rows >= head.rows && head.payload_bytes / 6 >= head.rows &&
                          std::ranges::all_of(filling, [](std::byte each) { return each == std::byte{0}; });
    if (!is_sound) return errc::not_of_a_ledger;
    head.leaf = *leaf;
    return head;
}

std::vector<std::byte> encode_group(const row_group& group, const group_entry& entry, const day_key& key,
                                    const damage_hash& before) {
    const auto width = width_of(group.kinds.size());
    std::vector<std::byte> bytes;
    bytes.reserve(group_head_bytes + 8 + group.calls.size() * 40 + group.kinds.size() * 14 +
                  group.rows() * (5 + width));
    bytes.resize(group_head_bytes);
    byte_writer to{bytes};
    to.number(group.calls.size(), 4);
    to.number(group.kinds.size(), 4);
    for (const auto& call : group.calls) {
        to.number(call.rows, 4);
        to.number(static_cast<std::uint64_t>(call.time_unix_ms), 8);
        to.number(call.officer, 8);
        to.number(call.register_sequence, 8);
        to.number(call.is_signed ? 1 : 0, 1);
        if (call.is_signed) to.bytes(call.signature);
    }
    for (const auto& kind : group.kinds) {
        to.number(kind.agency, 2);
        to.number(kind.procedure, 2);
        to.number(kind.claims, 2);
        to.number(kind.verdict_bits, 8);
    }
    write_ids(group.hidden_ids, bytes);
    if (width == 1)
        write_numbers<std::uint8_t>(group.kind_of, bytes);
    else if (width == 2)
        write_numbers<std::uint16_t>(group.kind_of, bytes);
    else
        write_numbers<std::uint32_t>(group.kind_of, bytes);

    const auto nonce = day_key::new_nonce();
    const auto payload = std::span{bytes}.subspan(group_head_bytes);
    key.cipher(nonce, payload);
    std::vector<std::byte> head;
    head.reserve(group_head_bytes);
    byte_writer at_head{head};
    at_head.bytes(std::as_bytes(std::span{record_magic}));
    for (const auto number :
         {std::uint64_t{payload.size()}, group.leaf_index, group.first_place, std::uint64_t{group.rows()}})
        at_head.number(number, 8);
    at_head.bytes(nonce);
    at_head.bytes(entry);
    at_head.number(0, 8);
    at_head.number(0, 8);
    at_head.bytes(hash_of(head, payload, before));
    std::ranges::copy(head, bytes.begin());
    return bytes;
}

bool is_undamaged(std::span<const std::byte, group_head_bytes> head, std::span<const std::byte> payload,
                  const damage_hash& before) {
    return std::ranges::equal(hash_of(head, payload, before), head.subspan<hash_offset>());
}

result<row_group> decode_group(const group_head& head, std::span<std::byte> payload, const day_key& key) {
    key.cipher(head.nonce, payload);
    byte_reader from{payload};
    row_group group;
    group.leaf_index = head.leaf_index;
    group.first_place = head.first_place;
    group.time_unix_ms = head.leaf.time_unix_ms;
    group.tree_rows = head.leaf.rows;
    const auto calls = from.number(4);
    const auto kinds = from.number(4);
    if (calls > from.left() / 29 || kinds > from.left() / 14) return errc::not_of_a_ledger;
    group.calls.resize(calls);
    std::uint64_t rows = 0;
    for (auto& call : group.calls) {
        call.rows = from.number(4);
        call.time_unix_ms = static_cast<std::int64_t>(from.number(8));
        call.officer = from.number(8);
        call.register_sequence = from.number(8);
        const auto is_signed = from.number(1);
        const bool is_in_time = call.time_unix_ms >= 0 && call.time_unix_ms < row_time_end;
        if (is_signed > 1 || call.rows == 0 || !is_in_time) return errc::not_of_a_ledger;
        call.is_signed = is_signed == 1;
        if (call.is_signed) from.copy(call.signature);
        rows += call.rows;
    }
    group.kinds.resize(kinds);
    for (auto& kind : group.kinds) {
        kind.agency = static_cast<std::uint16_t>(from.number(2));
        kind.procedure = static_cast<std::uint16_t>(from.number(2));
        kind.claims = static_cast<claim_mask>(from.number(2));
        kind.verdict_bits = from.number(8);
    }
    const auto width = width_of(kinds);
    if (!from.is_whole() || rows != head.rows || from.left() != rows * (5 + width)) return errc::not_of_a_ledger;
    group.hidden_ids.resize(rows);
    for (auto& id : group.hidden_ids) id = from.number(5);
    group.kind_of.resize(rows);
    for (auto& kind : group.kind_of) {
        kind = static_cast<std::uint32_t>(from.number(width));
        if (kind >= kinds) return errc::not_of_a_ledger;
    }
    return group;
}

}  // namespace xacthuc::inline v0_1
