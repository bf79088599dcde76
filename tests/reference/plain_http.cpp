// SPDX-License-Identifier: Apache-2.0
#include "reference/plain_http.hpp"

#include <algorithm>

namespace xacthuc::tests {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view sub_delims = "!$&'()*+,;=";  // RFC 3986, section 2.2
constexpr std::string_view unreserved_marks = "-._~";   // section 2.3

[[nodiscard]] bool is_in(std::string_view set, char c) {
    return set.find(c) != std::string_view::npos;
}
[[nodiscard]] bool is_alphanumeric(char c) {
    return is_in(digits, c) || is_in(letters, c);
}
// RFC 9110, section 5.6.2.
[[nodiscard]] bool is_token(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || is_in("!#$%&'*+-.^_`|~", c); });
}

[[nodiscard]] bool is_all(std::string_view text, std::string_view set) {
    return std::ranges::all_of(text, [&](char c) { return is_in(set, c); });
}

[[nodiscard]] std::string in_lower_case(std::string_view text) {
    std::string made{text};
    for (char& c : made)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return made;
}

[[nodiscard]] std::string without_blanks(std::string_view text) {
    while (!text.empty() && is_in(" \t", text.front())) text.remove_prefix(1);
    while (!text.empty() && is_in(" \t", text.back())) text.remove_suffix(1);
    return std::string{text};
}

// Text of letters, digits, unreserved marks, what else is named, and bytes as % and two hexadecimal digits.
[[nodiscard]] bool is_uri_text(std::string_view text, std::string_view beside) {
    for (std::size_t k = 0; k < text.size(); ++k) {
        if (is_alphanumeric(text[k]) || is_in(unreserved_marks, text[k]) || is_in(sub_delims, text[k])) continue;
        if (is_in(beside, text[k])) continue;
        if (text[k] != '%' || k + 2 >= text.size()) return false;
        if (!is_all(text.substr(k + 1, 2), "0123456789abcdefABCDEF")) return false;
        k += 2;
    }
    return true;
}

// The origin form: an absolute path, and a query where there is one. RFC 9112, section 3.2.1.
[[nodiscard]] bool is_path_with_query(std::string_view target) {
    return target.starts_with('/') && is_uri_text(target, "/:@?");
}

// RFC 9110, section 7.2: a name or an address, and a port where there is one.
[[nodiscard]] bool is_host(std::string_view text) {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos || end == 1) return false;
        const auto address = text.substr(1, end - 1);
        if (!is_uri_text(address, ":") || is_in(address, '%')) return false;
        port = text.substr(end + 1);
    } else {
        const auto colon = text.find(':');
        if (!is_uri_text(text.substr(0, colon), "")) return false;
        if (colon != std::string_view::npos) port = text.substr(colon);
    }
    return port.empty() || (port.front() == ':' && is_all(port.substr(1), digits));
}

[[nodiscard]] std::vector<std::string> split(std::string_view text, std::string_view at) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(at);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + at.size());
    }
}

// "GET /path HTTP/1.1". False: it is none.
[[nodiscard]] bool read_request_line(const std::string& line, plain_head& into, bool& is_old) {
    const auto parts = split(line, " ");
    if (parts.size() != 3 || !is_token(parts[0]) || !is_path_with_query(parts[1])) return false;
    if (parts[2] != "HTTP/1.1" && parts[2] != "HTTP/1.0") return false;
    into.method = parts[0];
    into.target = parts[1];
    into.path = split(parts[1], "?")[0];
    is_old = parts[2] == "HTTP/1.0";
    return true;
}

[[nodiscard]] bool read_field_line(const std::string& line, plain_head& into) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || !is_token(line.substr(0, colon))) return false;
    const auto value = without_blanks(line.substr(colon + 1));
    const auto is_text = [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); };
    if (!std::ranges::all_of(value, is_text)) return false;
    into.headers.emplace_back(in_lower_case(line.substr(0, colon)), value);
    return true;
}

// A list of tokens, of which some may be empty. Proxy-Connection, which no standard has, is read as Connection: so it
// can only end more connections.
[[nodiscard]] bool read_connection(const std::string& value, plain_head& into) {
    for (const auto& each : split(value, ",")) {
        const auto option = without_blanks(each);
        if (!option.empty() && !is_token(option)) return false;
        if (in_lower_case(option) == "close") into.keeps_alive = false;
    }
    return true;
}

[[nodiscard]] bool read_fields(plain_head& into, bool is_old) {
    const auto count = [&](std::string_view name) {
        return std::ranges::count(into.headers, name, &std::pair<std::string, std::string>::first);
    };
    if (count("transfer-encoding") != 0 || count("content-length") > 1) return false;
    if (count("host") > 1 || (count("host") == 0 && !is_old)) return false;
    for (const auto name : {"content-type", "x-correlator", "xacthuc-digest-key", "xacthuc-officer"})
        if (count(name) > 1) return false;
    for (const auto& [name, value] : into.headers) {
        if (name == "host" && !is_host(value)) return false;
        if (name == "expect") {
            if (in_lower_case(value) != "100-continue") return false;
            into.expects_continue = true;
        }
        if ((name == "connection" || name == "proxy-connection") && !read_connection(value, into)) return false;
        if (name == "content-length") {
            if (value.empty() || value.size() > 18 || !is_all(value, digits)) return false;
            into.content_length = std::stoull(value);
        }
    }
    return !is_old || into.content_length.value_or(0) == 0;
}

}  // namespace

std::string plain_head::header(std::string_view name) const {
    std::string found;
    for (const auto& [each, value] : headers)
        if (each == name) found = value;
    return found;
}

std::optional<std::size_t> find_head_end(std::string_view bytes) {
    const auto at = bytes.find("\r\n\r\n");
    return at == std::string_view::npos ? std::nullopt : std::optional{at + 4};
}

std::optional<plain_head> read_plain_head(std::string_view bytes) {
    const auto lines = split(bytes.substr(0, find_head_end(bytes).value() - 4), "\r\n");
    plain_head made;
    bool is_old = false;
    for (const auto& each : lines)
        if (each.find_first_of("\r\n") != std::string::npos) return std::nullopt;
    if (!read_request_line(lines[0], made, is_old)) return std::nullopt;
    for (std::size_t k = 1; k < lines.size(); ++k)
        if (!read_field_line(lines[k], made)) return std::nullopt;
    if (!read_fields(made, is_old)) return std::nullopt;
    if (is_old) made.keeps_alive = false;
    return made;
}

}  // namespace xacthuc::tests
