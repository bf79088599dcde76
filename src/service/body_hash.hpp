// SPDX-License-Identifier: Apache-2.0
// SHA-256 of a body, by the processor's own instructions where it has some.
#pragma once

#include <span>
#include <string_view>

#include "hash/sha256.hpp"

namespace xacthuc::inline v0_1::service {

[[nodiscard]] inline sha256_hash body_hash(std::string_view body) {
    return sha256(std::as_bytes(std::span{body}));
}

}  // namespace xacthuc::inline v0_1::service
