// SPDX-License-Identifier: Apache-2.0
// The service's signature of an answer. It covers the status, the type and digest of the body, and what was asked:
// method, path and, of a signed request, its signature, so that the answer is one to that request and to no other.
// Source: RFC 9421, sections 2.4 and 3.1; RFC 9530.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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
    bool comes_later = false;                 // the lines only have their length: the body is not whole yet
};

// Appends the lines Content-Digest, Signature-Input and Signature.
// Requires: by.can_sign().
void append_answer_signature(std::string& lines, const answer_to_sign& of, const signature_keys& by,
                             std::int64_t now_unix_ms);

// The signature of an answer to a question whose body becomes whole only when its row is in the ledger.
struct late_signature {
    std::shared_ptr<const signature_keys> by;
    std::optional<signed_request> request;
    std::int64_t now_unix_ms = 0;
    std::size_t lines_at = 0;  // in the answers of the connection
    std::size_t lines_size = 0;
    std::size_t body_at = 0;
    std::size_t body_size = 0;

    // Puts the lines in place of those that only had their length.
    void write(std::string& answers) const;
};

// The path of questions, whose answers may be signed late.
inline constexpr std::string_view question_path = "/v1/verify";

}  // namespace xacthuc::inline v0_1::service
