// SPDX-License-Identifier: Apache-2.0
// The one digest that both of a name's are cut from.
#pragma once

#include <cstdint>

namespace xacthuc::inline v0_1 {

// Of a form's hash. Its low half, which is what a folded digest keeps, is never 0; and equal hashes have equal low
// halves, so that a name whose forms are the same shows it.
[[nodiscard]] constexpr std::uint64_t name_digest_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash) == 0 ? hash | 1 : hash;
}

}  // namespace xacthuc::inline v0_1
