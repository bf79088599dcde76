// SPDX-License-Identifier: Apache-2.0
#include "service/signature_headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <span>

#include "http_fields/structured_field.hpp"
#include "note/base64.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

constexpr std::size_t nonce_size_max = 128;

// What gives a request its meaning.
enum : unsigned {
    method_part = 1U << 0,
    target_uri_part = 1U << 1,
    authority_part = 1U << 2,
    scheme_part = 1U << 3,
    request_target_part = 1U << 4,
    path_part = 1U << 5,
    query_part = 1U << 6,
    content_digest_part = 1U << 7,
    content_type_part = 1U << 8,
    officer_part = 1U << 9,
    digest_key_part = 1U << 10,
};
struct named_part {
    std::string_view name;
    unsigned part;
};
constexpr std::array<named_part, 11> named_parts{{
    {"@method", method_part},
    {"@target-uri", target_uri_part},
    {"@authority", authority_part},
    {"@scheme", scheme_part},
    {"@request-target", request_target_part},
    {"@path", path_part},
    {"@query", query_part},
    {"content-digest", content_digest_part},
    {"content-type", content_type_part},
    {"xacthuc-officer", officer_part},
    {"xacthuc-digest-key", digest_key_part},
}};

[[nodiscard]] unsigned part_of(std::string_view name) noexcept {
    const auto found = std::ranges::find(named_parts, name, &named_part::name);
    return found == named_parts.end() ? 0 : found->part;
}

[[nodiscard]] constexpr bool is_of_field_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

// The host as the scheme has it: in lower case, without a port that goes without saying.
void append_authority(std::string& to, const signed_message& of) {
    auto host = of.head.host;
    for (const auto port : {of.with_tls ? std::string_view{":443"} : ":80", std::string_view{":"}})
        if (host.ends_with(port)) {
            host.remove_suffix(port.size());
            break;
        }
    for (const char c : host) to += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

// The value of a field that is there once.
[[nodiscard]] std::optional<std::string_view> only_field(std::string_view raw, std::string_view name) noexcept {
    std::optional<std::string_view> found;
    for (auto at = raw.find("\r\n"); at != std::string_view::npos;) {
        const auto begin = at + 2;
        at = raw.find("\r\n", begin);
        const auto line = raw.substr(begin, at == std::string_view::npos ? at : at - begin);
        if (line.size() <= name.size() || line[name.size()] != ':' ||
            !boost::beast::iequals({line.data(), name.size()}, {name.data(), name.size()}))
            continue;
        if (found) return std::nullopt;
        found = trimmed(line.substr(name.size() + 1));
    }
    return found;
}

[[nodiscard]] bool append_value(std::string& to, const signed_message& of, std::string_view name) {
    const auto& head = of.head;
    const auto scheme = of.with_tls ? std::string_view{"https"} : "http";
    switch (part_of(name)) {
        case method_part:
            to += head.method == http_method::get ? "GET" : "POST";
            return head.method != http_method::other;
        case target_uri_part:
            (to += scheme) += "://";
            append_authority(to, of);
            to += head.target;
            return !head.host.empty();
        case authority_part:
            append_authority(to, of);
            return !head.host.empty();
        case scheme_part:
            to += scheme;
            return true;
        case request_target_part:
            to += head.target;
            return true;
        case path_part:
            to += head.path;
            return true;
        case query_part:
            to += '?';
            to += head.target.substr(std::min(head.path.size() + 1, head.target.size()));
            return true;
        default:
            break;
    }
    if (name.empty() || !std::ranges::all_of(name, is_of_field_name)) return false;
    const auto value = only_field(head.raw, name);
    if (value) to += *value;
    return value.has_value();
}

// Reads one signature, and writes its text while it does.
class signature_reader {
  public:
    signature_reader(const signed_message& of, request_signature& into, std::string& base) noexcept
        : of_{of}, made_{into}, base_{base} {}

    [[nodiscard]] signature_fault read() {
        made_ = {};
        if (const auto fault = read_bytes(); fault.what != problem::none) return fault;
        field_cursor input{of_.head.signature_input};
        if (input.take_key() != made_.label || !input.take('=') || !input.take('(')) return syntax;
        parameters_.push_back('(');
        if (const auto fault = read_covered(input); fault.what != problem::none) return fault;
        if (const auto what = read_parameters(input); what != problem::none) return {what};
        if (!covers_enough()) return {problem::signature_covers};
        (base_ += "\"@signature-params\": ") += parameters_;
        return {};
    }

  private:
    static constexpr signature_fault syntax{problem::signature_syntax};

    [[nodiscard]] signature_fault read_bytes() {
        if (of_.head.repeats_signature) return syntax;
        field_cursor cursor{of_.head.signature};
        const auto label = cursor.take_key();
        if (!label || !cursor.take('=')) return syntax;
        const auto base64 = cursor.take_base64();
        if (!base64 || !cursor.is_at_end()) return syntax;
        const auto bytes = bytes_of_base64(*base64);
        if (!bytes || bytes->size() != made_.bytes.bytes.size()) return syntax;
        std::ranges::copy(*bytes, made_.bytes.bytes.begin());
        made_.label = *label;
        return {};
    }

    [[nodiscard]] signature_fault read_covered(field_cursor& input) {
        input.skip_blanks();
        while (!input.take(')')) {
            const auto name = input.take_text();
            if (!name || made_.covered_count == request_signature::covered_max) return syntax;
            const auto before = std::span{made_.covered}.first(made_.covered_count);
            if (std::ranges::find(before, *name) != before.end()) return syntax;
            made_.covered[made_.covered_count++] = *name;
            const auto number = static_cast<unsigned>(made_.covered_count);
            if (input.take(';')) return {problem::signature_component, number};
            ((base_ += '"') += *name) += "\": ";
            if (!append_value(base_, of_, *name)) return {problem::signature_component, number};
            base_ += '\n';
            parts_ |= part_of(*name);
            if (number != 1) parameters_ += ' ';
            ((parameters_ += '"') += *name) += '"';
            if (input.take(')')) break;
            if (!input.take(' ')) return syntax;
            input.skip_blanks();
        }
        parameters_ += ')';
        return {};
    }

    [[nodiscard]] problem read_parameters(field_cursor& input) {
        while (input.take(';')) {
            input.skip_blanks();
            const auto key = input.take_key();
            if (!key || !input.take('=')) return problem::signature_syntax;
            (parameters_ += ';') += *key;
            parameters_ += '=';
            if (const auto what = read_parameter(*key, input); what != problem::none) return what;
        }
        if (!input.is_at_end()) return problem::signature_syntax;
        if (!created_ || made_.nonce.empty() || made_.nonce.size() > nonce_size_max || made_.key_id.empty())
            return problem::signature_parameters;
        made_.created_s = *created_;
        return problem::none;
    }

    [[nodiscard]] problem read_parameter(std::string_view key, field_cursor& input) {
        if (key == "created") return read_number(input, created_);
        if (key == "expires") return read_number(input, made_.expires_s);
        std::string_view ignored;
        if (key == "nonce") return read_text(input, made_.nonce, 1U << 0);
        if (key == "keyid") return read_text(input, made_.key_id, 1U << 1);
        if (key == "tag") return read_text(input, ignored, 1U << 2);
        if (key != "alg") return problem::signature_parameters;
        const auto what = read_text(input, ignored, 1U << 3);
        return what == problem::none && ignored != "ed25519" ? problem::signature_algorithm : what;
    }

    [[nodiscard]] problem read_number(field_cursor& input, std::optional<std::int64_t>& into) {
        if (into) return problem::signature_syntax;
        into = input.take_integer();
        if (!into) return problem::signature_syntax;
        fmt::format_to(std::back_inserter(parameters_), "{}", *into);
        return problem::none;
    }

    [[nodiscard]] problem read_text(field_cursor& input, std::string_view& into, unsigned bit) {
        const auto text = input.take_text();
        if (!text || (texts_ & bit) != 0) return problem::signature_syntax;
        texts_ |= bit;
        into = *text;
        ((parameters_ += '"') += *text) += '"';
        return problem::none;
    }

    [[nodiscard]] bool covers(unsigned parts) const noexcept { return (parts_ & parts) == parts; }
    [[nodiscard]] bool covers_enough() const noexcept {
        const auto& head = of_.head;
        const bool has_query = head.target.size() != head.path.size();
        const bool says_where = covers(target_uri_part) ||
                                (covers(authority_part) && (covers(request_target_part) ||
                                                            (covers(path_part) && (!has_query || covers(query_part)))));
        return covers(method_part) && says_where && (!of_.has_body || covers(content_digest_part)) &&
               (!of_.has_body || head.content_type.empty() || covers(content_type_part)) &&
               (head.officer.empty() || covers(officer_part)) && (head.digest_key.empty() || covers(digest_key_part));
    }

    const signed_message& of_;
    request_signature& made_;
    std::string& base_;
    std::string parameters_;
    std::optional<std::int64_t> created_;
    unsigned parts_ = 0;
    unsigned texts_ = 0;
};

}  // namespace

std::string detail_of(const signature_fault& fault) {
    if (fault.what == problem::signature_stale)
        return fmt::format("by the clock here, in Date, it was created {} seconds ago", fault.seconds);
    if (fault.what == problem::signature_early)
        return fmt::format("by the clock here, in Date, it is created in {} seconds", -fault.seconds);
    if (fault.component != 0) return fmt::format("component {} of those that it covers", fault.component);
    return {};
}

signature_fault read_signature(const signed_message& of, request_signature& into, std::string& base) {
    return signature_reader{of, into, base}.read();
}

}  // namespace xacthuc::inline v0_1::service
