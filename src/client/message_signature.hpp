// SPDX-License-Identifier: Apache-2.0
// The signature of a request, and that of its answer.
// Source: RFC 9421, sections 2 and 3; what has to be covered is the service's rule (docs/service.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xacthuc/client/request_signing.hpp>

namespace xacthuc::inline v0_1::client {

using header_fields = std::vector<std::pair<std::string_view, std::string>>;

// A request as who signs it sees it.
struct message_to_sign {
    std::string_view method;
    std::string_view authority;  // as Host says it
    bool with_tls = false;
    std::string_view target;
    std::string_view content_type;  // empty: there is no body
    std::string_view body;
    const header_fields& fields;  // which are covered as well
};

// Appends the fields that sign a request, under a nonce of its own.
// Returns the signature as the field has it, in base64: what the answer is bound to.
[[nodiscard]] std::string append_signature(header_fields& to, const message_to_sign& of, const request_signing& by,
                                           std::int64_t now_s);

// An answer as it came, and the request that it should be one to.
struct answer_to_check {
    unsigned status = 0;
    std::string_view content_type;
    std::string_view body;
    std::string_view content_digest;
    std::string_view signature_input;
    std::string_view signature;
    std::string_view method;
    std::string_view target;
    std::string_view request_signature;  // that append_signature() returned
};

// Whether the key signed this answer to this request: status, type and digest of the body, method, path and the
// request's signature are covered, and right.
[[nodiscard]] bool is_answer_right(const answer_to_check& of, const public_key& key);

}  // namespace xacthuc::inline v0_1::client
