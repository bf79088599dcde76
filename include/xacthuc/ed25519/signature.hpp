// SPDX-License-Identifier: Apache-2.0
// An Ed25519 signature as it travels: R (32 bytes), then S (32 bytes, little-endian), not yet checked.
#pragma once

#include <array>
#include <cstddef>

namespace xacthuc::inline v0_1::ed25519 {

inline constexpr std::size_t signature_bytes = 64;

// Any 64 bytes. Alignment 1, so that a signature can be read where it lies.
struct signature {
    std::array<std::byte, signature_bytes> bytes{};

    friend bool operator==(const signature&, const signature&) = default;
};
static_assert(sizeof(signature) == signature_bytes && alignof(signature) == 1);

}  // namespace xacthuc::inline v0_1::ed25519
