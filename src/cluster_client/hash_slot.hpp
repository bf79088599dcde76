// SPDX-License-Identifier: Apache-2.0
// Partitions as hash slots of a cluster: partition p is the one key of slot p that is named xt:{tag}, with the shortest
// tag that lies in the slot.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xacthuc::inline v0_1::cluster {

inline constexpr std::size_t slot_count = 16'384;

// The slot of a text that is all hashed: CRC-16/XMODEM modulo 16,384. Source: the Redis Cluster specification.
[[nodiscard]] std::uint16_t slot_of_tag(std::string_view tag) noexcept;

// The tags of all slots: of those of lower-case letters and digits the shortest, and of these the first in ASCII.
// Concurrency: immutable.
class slot_tags {
  public:
    slot_tags() noexcept;

    [[nodiscard]] std::string_view tag_of(std::size_t slot) const noexcept {
        const auto& tag = tags_[slot];
        return {tag.data(), tag[tag.size() - 1] == 0 ? std::char_traits<char>::length(tag.data()) : tag.size()};
    }
    // "xt:{tag}".
    [[nodiscard]] std::string key_of(std::size_t slot) const;
    // The slot that a key is the partition of; none for any other name, in the same slot or not.
    [[nodiscard]] std::optional<std::size_t> slot_of_key(std::string_view key) const noexcept;

  private:
    std::array<std::array<char, 4>, slot_count> tags_{};
};

// Complexity: made at the first call, in some milliseconds.
[[nodiscard]] const slot_tags& all_slot_tags() noexcept;

}  // namespace xacthuc::inline v0_1::cluster
