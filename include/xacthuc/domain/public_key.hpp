// SPDX-License-Identifier: Apache-2.0
// An Ed25519 public key as it travels: 32 bytes, not yet checked. Of citizens' accounts, agencies, logs and
// authorities.
#pragma once

#include <array>
#include <compare>
#include <cstddef>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t public_key_bytes = 32;

// Any 32 bytes; all zeros stand for "none" where there may be none. Whether they are a key is checked by
// ed25519::verifying_key::make(), or by each verification. Alignment 1, so that a column of raw keys can be read where
// it is.
struct public_key {
    std::array<std::byte, public_key_bytes> bytes{};

    friend bool operator==(const public_key&, const public_key&) = default;
    friend auto operator<=>(const public_key&, const public_key&) = default;
};
static_assert(sizeof(public_key) == public_key_bytes && alignof(public_key) == 1);

}  // namespace xacthuc::inline v0_1
