// SPDX-License-Identifier: Apache-2.0
// The head of a request of HTTP/1.1, read from bytes that lie in one piece, by Beast's parser and by rules of our own.
//
// What two readers of a message could understand differently is refused, and the connection closed: every
// Transfer-Encoding, more than one Content-Length, a body in HTTP/1.0, a folded header, a line feed without its
// carriage return, no Host or two, a header twice that is read here and has one value, and characters in the target or
// in Host that an address cannot have. So nothing can be smuggled past a proxy that stands in front, whatever it
// understands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "service/limits.hpp"
#include "service/problem.hpp"

namespace xacthuc::inline v0_1::service {

enum class http_method : std::uint8_t { get, post, other };

// Views into the bytes that were read.
struct request_head {
    http_method method = http_method::other;
    bool is_for_head = false;  // HEAD: whatever the answer is, it has no body
    std::string_view raw;      // all of it
    std::string_view path;     // without the query, which nothing here asks for
    std::string_view target;
    std::string_view host;
    std::string_view content_type;
    std::string_view correlator;
    std::string_view digest_key;
    std::string_view officer;
    std::string_view if_none_match;
    std::string_view signature_input;
    std::string_view signature;
    std::string_view content_digest;
    bool repeats_signature = false;  // or its input, or the digest
    bool wants_signature = false;    // with the answer
    std::optional<std::uint64_t> content_length;
    bool keep_alive = true;
    bool expects_continue = false;
};

struct head_reading {
    // How many bytes the head has; 0 where its end has not come yet, or it is refused.
    std::size_t bytes = 0;
    problem refused = problem::none;
    request_head head;
};

// Reads the head that the bytes begin with.
// Complexity: linear in the head; allocates nothing.
[[nodiscard]] head_reading read_head(std::string_view bytes, const limits& most) noexcept;

}  // namespace xacthuc::inline v0_1::service
