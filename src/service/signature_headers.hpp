// SPDX-License-Identifier: Apache-2.0
// The signature of a request in its headers, Signature-Input and Signature, and the text that it is over.
//
//   Signature-Input: sig=("@method" "@target-uri" "content-type" "content-digest");created=1798761600;nonce="…";
//                    keyid="agency:12";alg="ed25519"
//   Signature: sig=:<64 bytes in base64>:
//
// A request has one signature. It covers what gives the request its meaning; what it covers is a part of a request that
// is there once, and has no parameters. Fields of a request that stand in it twice can be read in two ways, and are not
// taken as covered.
// Source: RFC 9421, sections 2 and 4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/ed25519/signature.hpp>

#include "service/problem.hpp"
#include "service/request_head.hpp"

namespace xacthuc::inline v0_1::service {

// What is wrong with a signature, and what there is to tell of it: none of it is what the request said.
struct signature_fault {
    problem what = problem::none;
    unsigned component = 0;    // which of those that it covers, from 1
    std::int64_t seconds = 0;  // how old it is; negative: how far ahead of the time here
};
// A sentence for a problem document; empty where there is nothing to tell.
[[nodiscard]] std::string detail_of(const signature_fault& fault);

// Views into the head.
struct request_signature {
    static constexpr std::size_t covered_max = 32;

    std::string_view label;
    std::array<std::string_view, covered_max> covered{};
    std::size_t covered_count = 0;
    std::string_view key_id;
    std::string_view nonce;
    std::int64_t created_s = 0;
    std::optional<std::int64_t> expires_s;
    ed25519::signature bytes;
};

// A request that has come whole, as who signed it saw it.
struct signed_message {
    const request_head& head;
    bool with_tls = false;
    bool has_body = false;
};

// Whether the head has anything of a signature.
[[nodiscard]] inline bool is_signed(const request_head& head) noexcept {
    return !head.signature_input.empty() || !head.signature.empty();
}

// Reads the signature, and appends the text that it is over, the signature base.
// Returns what is wrong: signature_syntax, signature_parameters, signature_algorithm, signature_component,
// signature_covers. Whether the signature is right, and the digest, the time and the nonce, are for others.
[[nodiscard]] signature_fault read_signature(const signed_message& of, request_signature& into, std::string& base);

}  // namespace xacthuc::inline v0_1::service
