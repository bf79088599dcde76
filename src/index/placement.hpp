// SPDX-License-Identifier: Apache-2.0
// Where an id belongs: the placement hash, inlined into the loops that need it.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>
#include <cstdint>

namespace xacthuc::inline v0_1 {

[[nodiscard]] inline std::uint64_t placement_hash_inline(std::uint64_t id, std::uint64_t seed) noexcept {
    static_assert(std::endian::native == std::endian::little, "records and snapshots are little-endian");
    return XXH3_64bits_withSeed(&id, sizeof id, seed);
}

}  // namespace xacthuc::inline v0_1
