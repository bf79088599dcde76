// SPDX-License-Identifier: Apache-2.0
#include "client/service_url.hpp"

#include <sys/un.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "http_fields/url_authority.hpp"

namespace xacthuc::inline v0_1::client {
namespace {

constexpr std::string_view of_socket = "unix:";
constexpr std::string_view of_tls = "https://";
constexpr std::string_view of_plain = "http://";

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
    const auto at = url_authority::parse(text);
    if (!at) return std::nullopt;
    made.host = at->host;
    if (at->is_bracketed ? !is_address_v6(made.host) : !std::ranges::all_of(made.host, is_of_name)) return std::nullopt;
    if (at->port.empty()) {
        made.port = made.with_tls ? "443" : "80";
    } else {
        if (at->port_number == 0) return std::nullopt;
        made.port = at->port;
    }
    return made;
}

bool service_url::is_private() const {
    if (with_tls || !path.empty() || host == "localhost") return true;
    boost::system::error_code is_name;
    const auto address = boost::asio::ip::make_address(host, is_name);
    return !is_name && address.is_loopback();
}

}  // namespace xacthuc::inline v0_1::client
