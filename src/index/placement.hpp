// SPDX-License-Identifier: Apache-2.0
// Where an id belongs: the placement hash, inlined into the loops that need it.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <xacthuc/index/citizen_index.hpp>

namespace xacthuc::inline v0_1 {

[[nodiscard]] inline std::uint64_t placement_hash_inline(std::uint64_t id, std::uint64_t seed) noexcept {
    static_assert(std::endian::native == std::endian::little, "records and snapshots are little-endian");
    return XXH3_64bits_withSeed(&id, sizeof id, seed);
}

// The same in parts, for who computes it in lanes: XXH3-64 of eight bytes mixes them with this,
[[nodiscard]] constexpr std::uint64_t placement_flip(std::uint64_t seed) noexcept {
    return (std::uint64_t{0x1cad'21f7'2c81'017c} ^ std::uint64_t{0xdb97'9083'e96d'd4de}) -
           (seed ^ std::uint64_t{__builtin_bswap32(static_cast<std::uint32_t>(seed))} << 32);
}
// and multiplies by this.
inline constexpr std::uint64_t placement_prime = 0x9fb2'1c65'1e98'df25;

// Whether an id belongs to a partition.
struct belongs_to {
    std::size_t partition;
    std::uint64_t seed;

    [[nodiscard]] bool operator()(std::uint64_t id) const noexcept {
        return partition_of(placement_hash_inline(id, seed)) == partition;
    }
};

}  // namespace xacthuc::inline v0_1
