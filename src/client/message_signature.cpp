// SPDX-License-Identifier: Apache-2.0
#include "client/message_signature.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <xacthuc/ed25519/verify.hpp>

#include "domain/octets.hpp"
#include "http_fields/content_digest.hpp"
#include "http_fields/structured_field.hpp"

namespace xacthuc::inline v0_1::client {
namespace {

constexpr std::string_view label = "sig";

// The text that is signed, and the list of what it is made of.
class signature_base {
  public:
    void add(std::string_view name, std::string_view value) {
        list_ += list_.empty() ? "(" : " ";
        ((list_ += '"') += name) += '"';
        (((text_ += '"') += name) += "\": ") += value;
        text_ += '\n';
    }
    // Ends it by the parameters. Returns the list with them.
    [[nodiscard]] std::string end(std::string_view parameters) {
        (list_ += ')') += parameters;
        (text_ += "\"@signature-params\": ") += list_;
        return list_;
    }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    std::string text_;
    std::string list_;
};

[[nodiscard]] std::string new_nonce() {
    std::array<unsigned char, 16> bytes;
    randombytes_buf(bytes.data(), bytes.size());
    return base64_of_octets(bytes.data(), bytes.size());
}

// In lower case, and without a port that goes without saying.
[[nodiscard]] std::string normal_authority(const message_to_sign& of) {
    std::string made{of.authority};
    std::ranges::transform(made, made.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const std::string_view port = of.with_tls ? ":443" : ":80";
    if (made.ends_with(port)) made.resize(made.size() - port.size());
    return made;
}

// What an answer's signature covers, read while its text is made.
class answer_signature_reader {
  public:
    explicit answer_signature_reader(const answer_to_check& of) : of_{of}, input_{of.signature_input} {}

    // The text that is signed; nothing where it cannot be read, or covers too little.
    [[nodiscard]] std::optional<std::string> read() {
        if (input_.take_key() != label || !input_.take('=')) return std::nullopt;
        if (!input_.take('(')) return std::nullopt;
        while (!input_.take(')')) {
            if (!take_component()) return std::nullopt;
            input_.skip_blanks();
        }
        if (covered_ != every_part) return std::nullopt;
        // Parameters are signed as they stand.
        (text_ += "\"@signature-params\": ") += of_.signature_input.substr(label.size() + 1);
        return text_;
    }

  private:
    struct part {
        std::string_view name;
        std::string_view parameters;
        std::string_view value;
    };
    static constexpr unsigned every_part = 63;

    [[nodiscard]] bool take_component() {
        const auto name = input_.take_text();
        if (!name) return false;
        std::string parameters;
        while (input_.take(';')) {
            const auto key = input_.take_key();
            if (!key) return false;
            (parameters += ';') += *key;
            if (!input_.take('=')) continue;
            const auto value = input_.take_text();
            if (!value) return false;
            ((parameters += "=\"") += *value) += '"';
        }
        const auto path = of_.target.substr(0, of_.target.find('?'));
        const auto status = std::to_string(of_.status);
        const auto request_signature = ":" + std::string{of_.request_signature} + ":";
        const std::array<part, 6> parts{{{"@status", "", status},
                                         {"content-type", "", of_.content_type},
                                         {"content-digest", "", of_.content_digest},
                                         {"@method", ";req", of_.method},
                                         {"@path", ";req", path},
                                         {"signature", ";req;key=\"sig\"", request_signature}}};
        for (std::size_t k = 0; k < parts.size(); ++k) {
            if (parts[k].name != *name || parts[k].parameters != parameters || (covered_ >> k & 1U) != 0) continue;
            covered_ |= 1U << k;
            ((text_ += '"') += *name) += '"';
            ((text_ += parameters) += ": ") += parts[k].value;
            text_ += '\n';
            return true;
        }
        return false;
    }

    const answer_to_check& of_;
    field_cursor input_;
    std::string text_;
    unsigned covered_ = 0;
};

[[nodiscard]] std::optional<ed25519::signature> read_signature(std::string_view field) {
    field_cursor cursor{field};
    if (cursor.take_key() != label || !cursor.take('=')) return std::nullopt;
    const auto base64 = cursor.take_base64();
    if (!base64 || !cursor.is_at_end()) return std::nullopt;
    ed25519::signature made;
    std::size_t size = 0;
    const bool is_read = sodium_base642bin(octets(made.bytes), made.bytes.size(), base64->data(), base64->size(),
                                           nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0 &&
                         size == made.bytes.size();
    return is_read ? std::optional{made} : std::nullopt;
}

}  // namespace

std::string append_signature(header_fields& to, const message_to_sign& of, const request_signing& by,
                             std::int64_t now_s) {
    signature_base base;
    base.add("@method", of.method);
    // Not the scheme, which a proxy that ends TLS changes.
    base.add("@authority", normal_authority(of));
    base.add("@request-target", of.target);
    for (const auto& [name, value] : of.fields) base.add(name, value);
    if (!of.content_type.empty()) {
        std::string digest;
        append_content_digest(digest, of.body, sodium_sha256);
        base.add("content-type", of.content_type);
        base.add("content-digest", digest);
        to.emplace_back("Content-Digest", std::move(digest));
    }
    const auto parameters = base.end(";created=" + std::to_string(now_s) + ";nonce=\"" + new_nonce() +
                                     "\";keyid=\"agency:" + std::to_string(by.agency) + "\";alg=\"ed25519\"");
    const auto made = by.sign(std::as_bytes(std::span{base.text()}));
    auto text = base64_of_octets(octets(made.bytes), made.bytes.size());
    to.emplace_back("Signature-Input", std::string{label} + "=" + parameters);
    to.emplace_back("Signature", std::string{label} + "=:" + text + ":");
    return text;
}

bool is_answer_right(const answer_to_check& of, const public_key& key) {
    const auto text = answer_signature_reader{of}.read();
    const auto made = read_signature(of.signature);
    return text && made && is_content_digest_right(of.content_digest, of.body, sodium_sha256) &&
           ed25519::verify(key, std::as_bytes(std::span{*text}), *made);
}

}  // namespace xacthuc::inline v0_1::client
