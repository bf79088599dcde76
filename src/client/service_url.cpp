// SPDX-License-Identifier: Apache-2.0
#include "client/service_url.hpp"

#include <sys/un.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <cstdint>

namespace xacthuc::inline v0_1::client {
namespace {

constexpr std::string_view of_socket = "unix:";
constexpr std::string_view of_tls = "https://";
constexpr std::string_view of_plain = "http://";

[[nodiscard]] bool is_port(std::string_view digits) noexcept {
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return failed == std::errc{} && end == digits.data() + digits.size() && port != 0;
}

[[nodiscard]] constexpr bool is_of_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
}

[[nodiscard]] bool is_address_v6(const std::string& text) {
    boost::system::error_code failed;
    (void)boost::asio::ip::make_address_v6(text, failed);
    return !failed;
}

[[nodiscard]] std::optional<service_url> of_path(std::string_view path) {
    // The path ends where its first zero is.
    if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path) || path.find('\0') != std::string_view::npos)
        return std::nullopt;
    return service_url{.path = std::string{path}, .authority = "localhost"};
}

}  // namespace

std::optional<service_url> service_url::parse(std::string_view text) {
    if (text.starts_with(of_socket)) return of_path(text.substr(of_socket.size()));
    service_url made;
    made.with_tls = text.starts_with(of_tls);
    if (!made.with_tls && !text.starts_with(of_plain)) return std::nullopt;
    text.remove_prefix(made.with_tls ? of_tls.size() : of_plain.size());
    if (text.ends_with('/')) text.remove_suffix(1);
    made.authority = text;
    std::string_view after;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        made.host = text.substr(1, end - 1);
        after = text.substr(end + 1);
        if (!is_address_v6(made.host)) return std::nullopt;
    } else {
        const auto end = std::min(text.find(':'), text.size());
        made.host = text.substr(0, end);
        after = text.substr(end);
        if (made.host.empty() || !std::ranges::all_of(made.host, is_of_name)) return std::nullopt;
    }
    made.port = made.with_tls ? "443" : "80";
    if (after.empty()) return made;
    if (!after.starts_with(':') || !is_port(after.substr(1))) return std::nullopt;
    made.port = after.substr(1);
    return made;
}

bool service_url::is_private() const {
    if (with_tls || !path.empty() || host == "localhost") return true;
    boost::system::error_code is_name;
    const auto address = boost::asio::ip::make_address(host, is_name);
    return !is_name && address.is_loopback();
}

}  // namespace xacthuc::inline v0_1::client
