// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/hash_slot.hpp"

#include <algorithm>

namespace xacthuc::inline v0_1::cluster {
namespace {

constexpr std::string_view tag_letters = "0123456789abcdefghijklmnopqrstuvwxyz";

constexpr auto crc_table = [] {
    std::array<std::uint16_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        auto crc = byte << 8;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000U) != 0 ? crc << 1 ^ 0x1021U : crc << 1;
        table[byte] = static_cast<std::uint16_t>(crc);
    }
    return table;
}();

[[nodiscard]] constexpr std::uint16_t with_byte(std::uint16_t crc, char byte) noexcept {
    const auto at = (crc >> 8 ^ static_cast<unsigned char>(byte)) & 0xffU;
    return static_cast<std::uint16_t>(crc << 8 ^ crc_table[at]);
}

}  // namespace

std::uint16_t slot_of_tag(std::string_view tag) noexcept {
    std::uint16_t crc = 0;
    for (const char c : tag) crc = with_byte(crc, c);
    return crc % slot_count;
}

slot_tags::slot_tags() noexcept {
    std::size_t left = slot_count;
    // Counts through the tags of each length in the order of their letters; four letters are enough for all slots.
    for (std::size_t length = 1; left != 0 && length <= tags_[0].size(); ++length) {
        std::array<std::size_t, 4> digits{};
        for (bool is_done = false; !is_done && left != 0;) {
            std::array<char, 4> tag{};
            for (std::size_t i = 0; i < length; ++i) tag[i] = tag_letters[digits[i]];
            auto& at = tags_[slot_of_tag({tag.data(), length})];
            if (at[0] == 0) {
                at = tag;
                --left;
            }
            auto place = length;
            while (place != 0 && ++digits[place - 1] == tag_letters.size()) digits[--place] = 0;
            is_done = place == 0;
        }
    }
}

std::string slot_tags::key_of(std::size_t slot) const {
    return "xt:{" + std::string{tag_of(slot)} + "}";
}

std::optional<std::size_t> slot_tags::slot_of_key(std::string_view key) const noexcept {
    if (!key.starts_with("xt:{") || !key.ends_with('}') || key.size() < 6) return std::nullopt;
    const auto tag = key.substr(4, key.size() - 5);
    const std::size_t slot = slot_of_tag(tag);
    if (tag_of(slot) != tag) return std::nullopt;
    return slot;
}

const slot_tags& all_slot_tags() noexcept {
    static const slot_tags tags;
    return tags;
}

}  // namespace xacthuc::inline v0_1::cluster
