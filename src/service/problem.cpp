// SPDX-License-Identifier: Apache-2.0
#include "service/problem.hpp"

#include <algorithm>
#include <array>

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::array<problem_facts, problem_count> every_problem{{
    {problem::none, 500, "none", "no problem"},
    {problem::malformed_head, 400, "malformed_head", "the head of the request is not HTTP/1.1"},
    {problem::bare_line_feed, 400, "bare_line_feed", "a line of the head does not end with CR LF"},
    {problem::folded_header, 400, "folded_header", "a header is folded over two lines"},
    {problem::transfer_encoding, 501, "transfer_encoding", "a request has a Content-Length and no Transfer-Encoding"},
    {problem::content_length, 400, "content_length", "Content-Length is one number, once"},
    {problem::old_version, 505, "old_version", "HTTP/1.1 is spoken here, and HTTP/1.0 without bodies"},
    {problem::host, 400, "host", "a request of HTTP/1.1 has one Host, a name or an address"},
    {problem::head_too_large, 431, "head_too_large", "the head of the request is too large"},
    {problem::body_too_large, 413, "body_too_large", "the body is too large"},
    {problem::length_required, 411, "length_required", "a request with a body needs a Content-Length"},
    {problem::expectation, 417, "expectation", "nothing but 100-continue can be expected"},
    {problem::request_timeout, 408, "request_timeout", "the request did not come whole in time"},
    {problem::body_not_wanted, 400, "body_not_wanted", "this request has no body"},
    {problem::misdirected, 421, "misdirected", "this service is not called by the name in Host"},
    {problem::header_twice, 400, "header_twice", "a header that has one value comes twice"},
    {problem::no_such_path, 404, "no_such_path", "there is nothing at this path"},
    {problem::method_not_allowed, 405, "method_not_allowed", "this path is not asked by this method"},
    {problem::media_type, 415, "media_type", "the body is not of a media type that this path takes"},
    {problem::correlator, 400, "correlator", "x-correlator has characters or a length that it must not have"},
    {problem::officer, 400, "officer", "xacthuc-officer is not a whole number"},
    {problem::json_syntax, 400, "json_syntax", "the question is not one JSON object"},
    {problem::unknown_member, 400, "unknown_member", "the question has a member of an unknown name"},
    {problem::member_twice, 400, "member_twice", "the question has a member twice"},
    {problem::member_type, 400, "member_type", "a member of the question has a value of the wrong type or range"},
    {problem::member_missing, 400, "member_missing", "the question lacks a member that it must have"},
    {problem::line_too_long, 400, "line_too_long", "a line of the batch is too long"},
    {problem::batch_length, 400, "batch_length", "the batch is not of whole requests of 32 bytes"},
    {problem::digest_key_differs, 409, "digest_key_differs",
     "the requests were prepared under another digest key, or xacthuc-digest-key does not say under which"},
    {problem::not_ready, 503, "not_ready", "the register is not ready"},
    {problem::register_too_old, 503, "register_too_old", "the register is older than the question allows"},
    {problem::ledger_stopped, 503, "ledger_stopped", "the ledger takes no rows, so no answer is given"},
    {problem::ledger_full, 503, "ledger_full", "the ledger has no room now, so no answer is given: ask again"},
    {problem::memory_full, 503, "memory_full", "too many requests are on their way: ask again"},
    {problem::certificate_missing, 403, "certificate_missing", "the client showed no certificate"},
    {problem::certificate_expired, 403, "certificate_expired", "the client's certificate is not valid at this time"},
    {problem::certificate_revoked, 403, "certificate_revoked", "the client's certificate is revoked"},
    {problem::certificate_not_trusted, 403, "certificate_not_trusted",
     "the client's certificate is not of an authority that is trusted here"},
    {problem::certificate_names_nobody, 403, "certificate_names_nobody",
     "the client's certificate does not name one agency"},
    {problem::signature_missing, 401, "signature_missing", "what is asked here has to be signed"},
    {problem::signature_syntax, 400, "signature_syntax",
     "Signature-Input and Signature are one signature of 64 bytes under one label"},
    {problem::signature_parameters, 400, "signature_parameters",
     "a signature has created, nonce and keyid, and may have expires, alg and tag"},
    {problem::signature_algorithm, 400, "signature_algorithm", "the algorithm of a signature is ed25519"},
    {problem::signature_component, 400, "signature_component",
     "the signature covers what the request does not have, has twice, or what is not taken here"},
    {problem::signature_covers, 401, "signature_covers",
     "the signature leaves out what it has to cover: @method, @target-uri (or @authority, @path and @query), "
     "content-digest and content-type of a body, xacthuc-officer, xacthuc-digest-key"},
    {problem::content_digest, 400, "content_digest",
     "Content-Digest is not the digest of the body by sha-256 or sha-512"},
    {problem::signature_key_unknown, 401, "signature_key_unknown", "no agency's key is known here by this keyid"},
    {problem::signature_key_revoked, 401, "signature_key_revoked", "the agency's key is revoked"},
    {problem::signature_agency_differs, 403, "signature_agency_differs",
     "another agency signed than the one whose connection it is"},
    {problem::signature_stale, 401, "signature_stale", "the signature is too old: is the clock right?"},
    {problem::signature_early, 401, "signature_early", "the signature is from the future: is the clock right?"},
    {problem::signature_expired, 401, "signature_expired", "the signature has expired, as it says itself"},
    {problem::signature_wrong, 401, "signature_wrong", "the signature is not the agency's over this request"},
    {problem::signature_repeated, 401, "signature_repeated", "the agency has used this nonce before"},
    {problem::nonces_unknown, 503, "nonces_unknown",
     "which nonces were used before the service started is not known: sign anew after the seconds of Retry-After"},
    {problem::nonces_full, 503, "nonces_full", "there is no room to remember the nonce: sign anew later"},
    {problem::no_ledger, 404, "no_ledger", "no ledger is kept here"},
    {problem::no_such_receipt, 404, "no_such_receipt", "there is no such receipt for who asks"},
    {problem::records_busy, 503, "records_busy", "too many records are being read: ask again"},
    {problem::records_unreadable, 503, "records_unreadable", "the ledger's records cannot be read now"},
    {problem::holder_proof_expired, 403, "holder_proof_expired",
     "the proof was issued too long ago: is the clock right?"},
    {problem::holder_proof_early, 403, "holder_proof_early", "the proof is from the future: is the clock right?"},
    {problem::holder_proof_repeated, 403, "holder_proof_repeated", "the proof was used before"},
    {problem::holder_proof_wrong, 403, "holder_proof_wrong", "the proof is not by a key of the citizen's account"},
    {problem::holder_proofs_full, 503, "holder_proofs_full", "too many proofs are remembered to take one more now"},
    {problem::holder_proof_not_taken, 501, "holder_proof_not_taken",
     "questions with a holder's proof are taken only where guards remember which proofs were used"},
}};

// A value of ours: no character of it has to be escaped.
void append_member(std::string& to, std::string_view name, std::string_view value) {
    ((((to += ",\"") += name) += "\":\"") += value) += '"';
}

void append_title(std::string& to, std::string_view title, unsigned code, std::string_view member) {
    ((to += "\"title\":\"") += title) += "\",\"code\":";
    to += std::to_string(code);
    if (!member.empty()) append_member(to, "member", member);
}

[[nodiscard]] std::string document(std::string_view title, unsigned status, unsigned code, std::string_view member,
                                   std::string_view detail = {}) {
    auto text =
        "{\"type\":\"urn:xacthuc:problem:" + std::to_string(code) + "\",\"status\":" + std::to_string(status) + ',';
    append_title(text, title, code, member);
    if (!detail.empty()) append_member(text, "detail", detail);
    return text += '}';
}

}  // namespace

const problem_facts& problem_at(std::size_t place) noexcept {
    return every_problem[place];
}

std::size_t place_of(problem what) noexcept {
    const auto found = std::ranges::lower_bound(every_problem, what, {}, &problem_facts::what);
    return static_cast<std::size_t>(found - every_problem.begin());
}

const problem_facts& facts_of(problem what) noexcept {
    return every_problem[place_of(what)];
}

std::string problem_document(problem what, std::string_view member, std::string_view detail) {
    const auto& facts = facts_of(what);
    return document(facts.title, facts.status, static_cast<unsigned>(what), member, detail);
}

std::string problem_document(const question_fault& fault) {
    if (!fault.error) return problem_document(fault.what, fault.member);
    return document(fault.error.message(), 400, static_cast<unsigned>(fault.error.value()), fault.member);
}

void append_fault_line(std::string& to, const question_fault& fault) {
    to += '{';
    if (fault.error) {
        append_title(to, fault.error.message(), static_cast<unsigned>(fault.error.value()), fault.member);
    } else {
        append_title(to, facts_of(fault.what).title, static_cast<unsigned>(fault.what), fault.member);
    }
    to += "}\n";
}

unsigned status_of(const question_fault& fault) noexcept {
    return fault.error ? 400U : facts_of(fault.what).status;
}

}  // namespace xacthuc::inline v0_1::service
