// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <xacthuc/ledger/group_leaf.hpp>

#include "ledger/little_endian.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view leaf_tag = "xt-leaf1";

}  // namespace

std::array<std::byte, group_leaf_bytes> group_leaf::encode() const noexcept {
    std::array<std::byte, group_leaf_bytes> bytes;
    auto* at = std::ranges::copy(std::as_bytes(std::span{leaf_tag}), bytes.data()).out;
    for (const auto number : {static_cast<std::uint64_t>(time_unix_ms), rows, register_sequence}) {
        store_little(number, at, 8);
        at += 8;
    }
    for (const auto* hash : {&policy, &rows_root, &contexts, &signatures}) at = std::ranges::copy(*hash, at).out;
    return bytes;
}

result<group_leaf> group_leaf::decode(std::span<const std::byte> bytes) noexcept {
    if (bytes.size() != group_leaf_bytes ||
        !std::ranges::equal(bytes.first(leaf_tag.size()), std::as_bytes(std::span{leaf_tag})))
        return errc::not_of_a_ledger;
    group_leaf leaf;
    const auto* at = bytes.data() + leaf_tag.size();
    leaf.time_unix_ms = static_cast<std::int64_t>(load_little(at, 8));
    leaf.rows = load_little(at + 8, 8);
    leaf.register_sequence = load_little(at + 16, 8);
    at += 24;
    for (auto* hash : {&leaf.policy, &leaf.rows_root, &leaf.contexts, &leaf.signatures}) {
        std::copy_n(at, hash->size(), hash->begin());
        at += hash->size();
    }
    return leaf;
}

}  // namespace xacthuc::inline v0_1
