// SPDX-License-Identifier: Apache-2.0
#include "hash/content_hash.hpp"

#include <sodium.h>
#include <xxhash.h>

#include <cstring>

#include "hash/blake2b_lanes.hpp"

namespace xacthuc::inline v0_1 {

damage_hash hash_for_damage(std::span<const std::byte> bytes) noexcept {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
    damage_hash hash;
    static_assert(sizeof(canonical.digest) == sizeof(hash));
    std::memcpy(hash.data(), canonical.digest, hash.size());
    return hash;
}

binding_hash hash_for_binding(std::span<const std::byte> bytes) noexcept {
    binding_hash hash;
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
    return hash;
}

void hash_for_binding(std::span<const std::span<const std::byte>> contents, std::span<binding_hash> hashes) noexcept {
    // One content alone is faster in libsodium, which spreads it over a wide register's lanes.
    if (contents.size() > 1 && has_blake2b_lanes()) return blake2b_lanes(contents, hashes);
    for (std::size_t i = 0; i < contents.size(); ++i) hashes[i] = hash_for_binding(contents[i]);
}

}  // namespace xacthuc::inline v0_1
