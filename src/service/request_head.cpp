// SPDX-License-Identifier: Apache-2.0
#include "service/request_head.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>

namespace xacthuc::inline v0_1::service {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using beast_string = beast::string_view;
using beast_error = beast::error_code;

[[nodiscard]] std::string_view view_of(beast_string text) noexcept {
    return {text.data(), text.size()};
}

// Digits only, so few that nothing overflows.
[[nodiscard]] std::optional<std::uint64_t> parse_length(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_whole = failed == std::errc{} && end == text.data() + text.size();
    return is_whole && text.size() <= 18 ? std::optional{value} : std::nullopt;
}

// Which characters the path and the query may have, and which a host's name, beside a byte as % and two digits.
enum : std::uint8_t { in_path = 1, in_host = 2, in_address = 4 };
[[nodiscard]] constexpr std::array<std::uint8_t, 256> sort_characters() noexcept {
    std::array<std::uint8_t, 256> kinds{};
    const auto take = [&](std::string_view those, unsigned into) {
        for (const char c : those) kinds[static_cast<unsigned char>(c)] = static_cast<std::uint8_t>(into);
    };
    take("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=",
         in_path | in_host | in_address);
    take("/@?", in_path);
    take(":", in_path | in_address);
    return kinds;
}
constexpr auto character_kinds = sort_characters();

[[nodiscard]] constexpr bool is_hex_digit(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Whether a text of an address has only what may stand there: other readers cut elsewhere at what may not.
[[nodiscard]] bool has_only(std::string_view text, std::uint8_t kind) noexcept {
    for (std::size_t k = 0; k < text.size(); ++k) {
        if ((character_kinds[static_cast<unsigned char>(text[k])] & kind) != 0) continue;
        if (text[k] != '%' || kind == in_address || text.size() - k < 3) return false;
        if (!is_hex_digit(text[k + 1]) || !is_hex_digit(text[k + 2])) return false;
        k += 2;
    }
    return true;
}

// Source: RFC 3986, section 3.2: a name, or an address in brackets, and digits behind a colon. A client that has no
// name for the service says nothing.
[[nodiscard]] bool is_host(std::string_view text) noexcept {
    auto name_size = text.find(':');
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end == 1 || !has_only(text.substr(1, end - 1), in_address)) return false;
        name_size = end + 1;
    } else if (!has_only(text.substr(0, name_size), in_host)) {
        return false;
    }
    if (name_size >= text.size()) return true;
    const auto port = text.substr(name_size + 1);
    return text[name_size] == ':' && port.find_first_not_of("0123456789") == std::string_view::npos;
}

// Beast calls this for each thing that it finds; it never sees a body.
class head_parser final : public http::basic_parser<true> {
  public:
    explicit head_parser(request_head& into) noexcept : into_{into} {}

    [[nodiscard]] problem refused() const noexcept { return refused_; }
    [[nodiscard]] unsigned hosts() const noexcept { return hosts_; }
    [[nodiscard]] bool is_old() const noexcept { return is_old_; }

  private:
    enum : unsigned {
        seen_type = 1,
        seen_correlator = 2,
        seen_key = 4,
        seen_officer = 8,
        seen_signature = 16,
        seen_input = 32,
        seen_digest = 64
    };

    void refuse(problem why, beast_error& error) {
        refused_ = why;
        error = http::error::bad_value;
    }

    void on_request_impl(http::verb method, beast_string, beast_string target, int version,
                         beast_error& error) override {
        if (method == http::verb::get) into_.method = http_method::get;
        if (method == http::verb::post) into_.method = http_method::post;
        into_.is_for_head = method == http::verb::head;
        is_old_ = version == 10;
        if (version != 10 && version != 11) return refuse(problem::old_version, error);
        // Only paths: neither the absolute form, which is for proxies, nor those of CONNECT and OPTIONS.
        const auto text = view_of(target);
        if (!text.starts_with('/') || !has_only(text, in_path)) return refuse(problem::malformed_head, error);
        into_.target = text;
        into_.path = text.substr(0, text.find('?'));
    }

    void on_field_impl(http::field name, beast_string name_text, beast_string beast_value,
                       beast_error& error) override {
        const auto value = view_of(beast_value);
        switch (name) {
            case http::field::transfer_encoding:
                return refuse(problem::transfer_encoding, error);
            case http::field::content_length:
                if (into_.content_length) return refuse(problem::content_length, error);
                into_.content_length = parse_length(value);
                if (!into_.content_length) refuse(problem::content_length, error);
                return;
            case http::field::host:
                ++hosts_;
                into_.host = value;
                if (!is_host(value)) refuse(problem::host, error);
                return;
            case http::field::content_type:
                return take_only(into_.content_type, seen_type, value, error);
            case http::field::if_none_match:
                into_.if_none_match = value;
                return;
            case http::field::expect:
                if (!beast::iequals(beast_value, "100-continue")) return refuse(problem::expectation, error);
                into_.expects_continue = true;
                return;
            default:
                break;
        }
        if (name != http::field::unknown) return;
        if (beast::iequals(name_text, "x-correlator")) take_only(into_.correlator, seen_correlator, value, error);
        if (beast::iequals(name_text, "xacthuc-digest-key")) take_only(into_.digest_key, seen_key, value, error);
        if (beast::iequals(name_text, "xacthuc-officer")) take_only(into_.officer, seen_officer, value, error);
        if (beast::iequals(name_text, "signature")) take_once(into_.signature, seen_signature, value);
        if (beast::iequals(name_text, "signature-input")) take_once(into_.signature_input, seen_input, value);
        if (beast::iequals(name_text, "content-digest")) take_once(into_.content_digest, seen_digest, value);
        if (beast::iequals(name_text, "accept-signature")) into_.wants_signature = true;
    }

    // Of two that differ, a reader in front may take the other.
    void take_only(std::string_view& into, unsigned bit, std::string_view value, beast_error& error) {
        if ((seen_ & bit) != 0) return refuse(problem::header_twice, error);
        seen_ |= bit;
        into = value;
    }
    void take_once(std::string_view& into, unsigned bit, std::string_view value) noexcept {
        if ((seen_ & bit) != 0) into_.repeats_signature = true;
        seen_ |= bit;
        into = value;
    }

    void on_header_impl(beast_error&) override {}
    void on_response_impl(int, beast_string, int, beast_error&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, beast_error&) override {}
    std::size_t on_body_impl(beast_string body, beast_error&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, beast_string, beast_error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast_string body, beast_error&) override { return body.size(); }
    void on_finish_impl(beast_error&) override {}

    request_head& into_;
    problem refused_ = problem::none;
    unsigned hosts_ = 0;
    unsigned seen_ = 0;
    bool is_old_ = false;
};

// The lines of a head, as far as they have come: Beast would let some of this pass, and differs from others in the
// rest.
[[nodiscard]] problem check_lines(std::string_view head) noexcept {
    for (auto at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1)) {
        if (at == 0 || head[at - 1] != '\r') return problem::bare_line_feed;
        if (at + 1 < head.size() && (head[at + 1] == ' ' || head[at + 1] == '\t')) return problem::folded_header;
    }
    return problem::none;
}

[[nodiscard]] problem problem_of(const beast_error& error) noexcept {
    if (error == http::error::bad_transfer_encoding) return problem::transfer_encoding;
    if (error == http::error::bad_content_length || error == http::error::multiple_content_length)
        return problem::content_length;
    if (error == http::error::bad_version) return problem::old_version;
    return problem::malformed_head;
}

[[nodiscard]] problem parse_into(request_head& into, std::string_view head) noexcept {
    head_parser parser{into};
    parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
    parser.body_limit(boost::none);
    beast_error error;
    const auto used = parser.put(boost::asio::buffer(head.data(), head.size()), error);
    if (parser.refused() != problem::none) return parser.refused();
    if (error) return problem_of(error);
    if (!parser.is_header_done() || used != head.size()) return problem::malformed_head;
    if (parser.is_old() && into.content_length.value_or(0) != 0) return problem::old_version;
    if (parser.hosts() > 1 || (parser.hosts() == 0 && !parser.is_old())) return problem::host;
    into.raw = head;
    into.keep_alive = parser.keep_alive() && !parser.is_old();
    return problem::none;
}

}  // namespace

head_reading read_head(std::string_view bytes, const limits& most) noexcept {
    const auto within = bytes.substr(0, most.head_bytes);
    const auto end = within.find("\r\n\r\n");
    const auto head = within.substr(0, end == std::string_view::npos ? end : end + 4);
    head_reading found;
    found.refused = check_lines(head);
    if (found.refused != problem::none) return found;
    if (end == std::string_view::npos) {
        if (bytes.size() >= most.head_bytes) found.refused = problem::head_too_large;
        return found;
    }
    found.refused = parse_into(found.head, head);
    if (found.refused == problem::none) found.bytes = head.size();
    return found;
}

}  // namespace xacthuc::inline v0_1::service
