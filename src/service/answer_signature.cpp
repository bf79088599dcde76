// SPDX-License-Identifier: Apache-2.0
#include "service/answer_signature.hpp"

#include <fmt/format.h>

#include <iterator>

#include "http_fields/content_digest.hpp"
#include "note/base64.hpp"
#include "service/answer_text.hpp"
#include "service/body_hash.hpp"

namespace xacthuc::inline v0_1::service {

void append_answer_signature(std::string& lines, const answer_to_sign& of, const signature_keys& by,
                             std::int64_t now_unix_ms) {
    std::string digest;
    // The body is hashed when it is whole, and not before.
    if (of.comes_later)
        digest.resize(content_digest_size, ' ');
    else
        append_content_digest(digest, of.body, body_hash);
    std::string base = fmt::format(
        "\"@status\": {}\n\"content-type\": {}\n\"content-digest\": {}\n\"@method\";req: {}\n\"@path\";req: {}\n",
        of.status, of.type, digest, of.method, of.path);
    std::string parameters = R"(("@status" "content-type" "content-digest" "@method";req "@path";req)";
    if (of.request != nullptr) {
        const auto component = fmt::format("\"signature\";req;key=\"{}\"", of.request->label);
        base += fmt::format("{}: :{}:\n", component, base64_of(of.request->signature.bytes));
        (parameters += ' ') += component;
    }
    parameters += fmt::format(");created={};keyid=\"service\";alg=\"ed25519\"", now_unix_ms / 1000);
    (base += "\"@signature-params\": ") += parameters;
    const auto made = of.comes_later ? ed25519::signature{} : by.sign(base);
    fmt::format_to(std::back_inserter(lines),
                   "Content-Digest: {}\r\nSignature-Input: sig={}\r\nSignature: sig=:{}:\r\n", digest, parameters,
                   base64_of(made.bytes));
}

void late_signature::write(std::string& answers) const {
    std::string lines;
    append_answer_signature(lines,
                            {.type = json_type,
                             .body = std::string_view{answers}.substr(body_at, body_size),
                             .method = "POST",
                             .path = question_path,
                             .request = request ? &*request : nullptr},
                            *by, now_unix_ms);
    answers.replace(lines_at, lines_size, lines);
}

}  // namespace xacthuc::inline v0_1::service
