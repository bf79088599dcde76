// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli) of whole 64-bit words, in portable code; kernels use the processor's own instruction instead.
#pragma once

#include <array>
#include <cstdint>

namespace xacthuc::inline v0_1 {

namespace crc32c {

// tables[k][b]: what byte b does to a remainder k bytes later. Source: RFC 3720, appendix B.4 (polynomial 0x1EDC6F41,
// reflected); Kounavis and Berry, A systematic approach to building high performance software-based CRC generators
// (2005).
inline constexpr auto tables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> made{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1 ^ 0x82f63b78U : crc >> 1;
        made[0][byte] = crc;
    }
    for (std::size_t k = 1; k < 8; ++k)
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const auto before = made[k - 1][byte];
            made[k][byte] = before >> 8 ^ made[0][before & 0xff];
        }
    return made;
}();

// Without the usual inversions before and after, as the crc32 instruction computes it.
[[nodiscard]] constexpr std::uint32_t extend(std::uint32_t crc, std::uint64_t word) noexcept {
    word ^= crc;
    std::uint32_t made = 0;
    for (std::size_t byte = 0; byte < 8; ++byte) made ^= tables[7 - byte][word >> 8 * byte & 0xff];
    return made;
}

}  // namespace crc32c

}  // namespace xacthuc::inline v0_1
