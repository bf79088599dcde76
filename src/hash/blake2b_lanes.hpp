// SPDX-License-Identifier: Apache-2.0
// BLAKE2b-256 of several contents side by side, one in each 64-bit lane of a wide register: the function that
// RFC 7693 defines, about twice as fast as one content after the other. Hashing is what loading a snapshot waits for.
#pragma once

#include <cstddef>
#include <span>

#include "hash/content_hash.hpp"

namespace xacthuc::inline v0_1 {

// Whether AVX2 is there and may be used.
[[nodiscard]] bool has_blake2b_lanes() noexcept;

// Requires: has_blake2b_lanes(); as many hashes as contents. Contents of about one size keep all lanes busy.
void blake2b_lanes(std::span<const std::span<const std::byte>> contents, std::span<binding_hash> hashes) noexcept;

}  // namespace xacthuc::inline v0_1
