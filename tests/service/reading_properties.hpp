// SPDX-License-Identifier: Apache-2.0
// What any bytes are read as, by the service and by the slow references: the same, for the tests and for the fuzzers.
#pragma once

#include <string>
#include <string_view>
#include <xacthuc/domain/claim.hpp>

#include "reference/plain_http.hpp"
#include "reference/plain_question.hpp"
#include "service/question_reader.hpp"
#include "service/request_head.hpp"

namespace xacthuc::tests {

[[nodiscard]] inline bool are_same_heads(const service::request_head& read, const plain_head& plain) {
    using service::http_method;
    const auto method = plain.method == "GET"    ? http_method::get
                        : plain.method == "POST" ? http_method::post
                                                 : http_method::other;
    const auto counts = [&](std::string_view name) {
        std::size_t count = 0;
        for (const auto& [each, value] : plain.headers) count += each == name ? 1 : 0;
        return count;
    };
    const bool repeats = counts("signature") > 1 || counts("signature-input") > 1 || counts("content-digest") > 1;
    return read.method == method && read.is_for_head == (plain.method == "HEAD") && read.target == plain.target &&
           read.path == plain.path && read.content_length == plain.content_length &&
           read.keep_alive == plain.keeps_alive && read.expects_continue == plain.expects_continue &&
           read.host == plain.header("host") && read.content_type == plain.header("content-type") &&
           read.correlator == plain.header("x-correlator") && read.digest_key == plain.header("xacthuc-digest-key") &&
           read.officer == plain.header("xacthuc-officer") && read.if_none_match == plain.header("if-none-match") &&
           read.signature == plain.header("signature") && read.signature_input == plain.header("signature-input") &&
           read.content_digest == plain.header("content-digest") && read.repeats_signature == repeats &&
           read.wants_signature == (counts("accept-signature") != 0);
}

// The property of heads that does not hold for these bytes; null where all do.
[[nodiscard]] inline const char* broken_head_property(std::string_view bytes, const service::limits& most) {
    using service::problem;
    const auto read = service::read_head(bytes, most);
    const auto end = find_head_end(bytes.substr(0, most.head_bytes));
    if (!end) {
        if (read.bytes != 0) return "a head without an end is taken";
        if (bytes.size() >= most.head_bytes && read.refused == problem::none)
            return "a head beyond the limit is awaited";
        if (read.refused == problem::none || bytes.size() + 4 > most.head_bytes) return nullptr;
        const auto ended = std::string{bytes} + "\r\n\r\n";
        return read_plain_head(ended) ? "the beginning of a head is refused" : nullptr;
    }
    const auto plain = read_plain_head(bytes);
    if (plain && read.refused != problem::none) return "a head is refused";
    if (!plain && read.refused == problem::none) return "a head is taken that is none";
    if (plain && read.bytes != *end) return "a head has another end";
    if (plain && read.head.raw != bytes.substr(0, *end)) return "a head is not all of its bytes";
    if (plain && !are_same_heads(read.head, *plain)) return "a head means something else";
    // However many of its bytes have come.
    for (std::size_t k = 0; k < *end; ++k) {
        const auto part = service::read_head(bytes.substr(0, k), most);
        if (part.bytes != 0) return "a head is taken before its end";
        if (plain && part.refused != problem::none) return "a head is refused before its end";
    }
    return nullptr;
}

[[nodiscard]] inline bool are_same_claims(const claim_set& a, const claim_set& b) {
    return a.id == b.id && a.name == b.name && a.name_exact == b.name_exact && a.birth_date == b.birth_date &&
           a.sex == b.sex && a.province == b.province && a.ward == b.ward && a.document == b.document &&
           a.document_valid_on == b.document_valid_on && a.born_on_or_before == b.born_on_or_before &&
           a.life == b.life && a.registration == b.registration && a.account_level == b.account_level &&
           a.account_level_at_least == b.account_level_at_least && a.account == b.account && a.agency == b.agency &&
           a.procedure == b.procedure;
}

// The property of questions that does not hold for this text, as one by itself and as a line of a batch.
[[nodiscard]] inline const char* broken_question_property(service::question_reader& by, std::string_view text) {
    using service::question_place;
    for (const auto where : {question_place::alone, question_place::in_batch}) {
        service::question read;
        const auto fault = by.read(text, where, read);
        const auto plain = read_plain_question(text, where == question_place::in_batch);
        if (plain && fault) return "a question is refused";
        if (!plain && !fault) return "a question is taken that is none";
        if (!plain) continue;
        if (!are_same_claims(read.claims, plain->claims)) return "a question claims something else";
        const auto max_age =
            read.max_age_ms ? std::optional{static_cast<std::uint64_t>(*read.max_age_ms)} : std::nullopt;
        if (read.officer != plain->officer || max_age != plain->max_age_ms) return "a question has other members";
        if ((read.form == service::answer_form::names) != plain->wants_names) return "a question wants another answer";
        if (read.holder.has_value() != plain->holder.has_value()) return "a proof is lost or found";
        if (read.holder && (read.holder->issued_at_unix_ms != plain->holder->issued_at_unix_ms ||
                            read.holder->nonce != plain->holder->nonce ||
                            read.holder->signature.bytes != plain->holder->signature.bytes))
            return "a proof is another";
    }
    return nullptr;
}

}  // namespace xacthuc::tests
