// SPDX-License-Identifier: Apache-2.0
// The digest of a body in its header, Content-Digest.
// Source: RFC 9530, section 2; of its algorithms those that are not insecure: sha-256 and sha-512.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace xacthuc::inline v0_1 {

// Whoever has a quicker one than libsodium's brings it.
using sha256_of_text = std::array<std::byte, 32> (*)(std::string_view);
[[nodiscard]] std::array<std::byte, 32> sodium_sha256(std::string_view text);

// Whether the header is right of the body. It is not where it cannot be read, has neither of the two algorithms, or one
// of them says something else.
// Complexity: linear in the body, for each of the two that the header has.
[[nodiscard]] bool is_content_digest_right(std::string_view header, std::string_view body, sha256_of_text sha256);

// The value of the header for a body, by sha-256, and the size that it has for any.
inline constexpr std::size_t content_digest_size = sizeof("sha-256=::") - 1 + 44;
void append_content_digest(std::string& to, std::string_view body, sha256_of_text sha256);

// Base64 as both headers and structured fields have it: RFC 4648, section 4, with padding.
[[nodiscard]] std::string base64_of_octets(const void* bytes, std::size_t size);

}  // namespace xacthuc::inline v0_1
