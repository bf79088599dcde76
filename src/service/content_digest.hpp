// SPDX-License-Identifier: Apache-2.0
// The digest of a body in its header, Content-Digest.
// Source: RFC 9530, section 2; of its algorithms those that are not insecure: sha-256 and sha-512.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "service/problem.hpp"

namespace xacthuc::inline v0_1::service {

// Whether the header is right of the body: none; content_digest, where it cannot be read, has neither of the two
// algorithms, or one of them says something else.
// Complexity: linear in the body, for each of the two that the header has.
[[nodiscard]] problem check_content_digest(std::string_view header, std::string_view body);

// The value of the header for a body, by sha-256, and the size that it has for any.
inline constexpr std::size_t content_digest_size = sizeof("sha-256=::") - 1 + 44;
void append_content_digest(std::string& to, std::string_view body);

}  // namespace xacthuc::inline v0_1::service
