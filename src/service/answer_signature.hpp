// SPDX-License-Identifier: Apache-2.0
// The service's signature of an answer. It covers the status, the type and digest of the body, and what was asked:
// method, path and, of a signed request, its signature, so that the answer is one to that request and to no other.
// Source: RFC 9421, sections 2.4 and 3.1; RFC 9530.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "service/signature_gate.hpp"
#include "service/signature_keys.hpp"

namespace xacthuc::inline v0_1::service {

// An answer, and what it is one to.
struct answer_to_sign {
    unsigned status = 200;
    std::string_view type;
    std::string_view body;
    std::string_view method;
    std::string_view path;
    const signed_request* request = nullptr;  // null: it was not signed, or its signature could not be read
};

// Appends the lines Content-Digest, Signature-Input and Signature.
// Requires: by.can_sign().
void append_answer_signature(std::string& lines, const answer_to_sign& of, const signature_keys& by,
                             std::int64_t now_unix_ms);

}  // namespace xacthuc::inline v0_1::service
