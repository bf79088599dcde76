// SPDX-License-Identifier: Apache-2.0
// Numbers as the ledger's private files have them: little-endian, of as many bytes as they need.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace xacthuc::inline v0_1 {

// Requires: size <= 8.
inline void store_little(std::uint64_t value, std::byte* to, std::size_t size) noexcept {
    if constexpr (std::endian::native == std::endian::little)
        std::memcpy(to, &value, size);
    else
        for (std::size_t i = 0; i < size; ++i) to[i] = static_cast<std::byte>(value >> (8 * i));
}
[[nodiscard]] inline std::uint64_t load_little(const std::byte* from, std::size_t size) noexcept {
    std::uint64_t value = 0;
    if constexpr (std::endian::native == std::endian::little)
        std::memcpy(&value, from, size);
    else
        for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{static_cast<std::uint8_t>(from[i])} << (8 * i);
    return value;
}

}  // namespace xacthuc::inline v0_1
