// SPDX-License-Identifier: Apache-2.0
// The two hashes of a snapshot. XXH3-128 finds accidents at the speed of memory; it stops no forger, who can make two
// contents of one hash at will. BLAKE2b-256 does: it is what the authority's signature binds.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace xacthuc::inline v0_1 {

using damage_hash = std::array<std::byte, 16>;
using binding_hash = std::array<std::byte, 32>;

// XXH3-128 in its canonical (big-endian) form.
[[nodiscard]] damage_hash hash_for_damage(std::span<const std::byte> bytes) noexcept;

// BLAKE2b-256, RFC 7693, no key.
[[nodiscard]] binding_hash hash_for_binding(std::span<const std::byte> bytes) noexcept;

// The same of several contents, which is faster than one by one when they are of about one size.
// Requires: as many hashes as contents.
void hash_for_binding(std::span<const std::span<const std::byte>> contents, std::span<binding_hash> hashes) noexcept;

}  // namespace xacthuc::inline v0_1
