// SPDX-License-Identifier: Apache-2.0
#include "client/wire.hpp"

#include <sys/socket.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <utility>

namespace xacthuc::inline v0_1::client {
namespace asio = boost::asio;

wire::wire(const strand& on, const service_url& to, asio::ssl::context* tls) : to_{&to}, resolver_{on}, socket_{on} {
    if (tls != nullptr) tls_.emplace(socket_, *tls);
}

void wire::connect(on_done done) {
    if (!to_->path.empty()) return connect_to({asio::local::stream_protocol::endpoint{to_->path}}, std::move(done));
    boost::system::error_code is_name;
    const auto address = asio::ip::make_address(to_->host, is_name);
    if (!is_name) {
        std::uint16_t port = 0;
        (void)std::from_chars(to_->port.data(), to_->port.data() + to_->port.size(), port);
        return connect_to({tcp::endpoint{address, port}}, std::move(done));
    }
    resolver_.async_resolve(to_->host, to_->port, [this, done = std::move(done)](auto error, const auto& found) {
        if (error) return done(error);
        std::vector<endpoint> all;
        for (const auto& each : found) all.emplace_back(each.endpoint());
        connect_to(std::move(all), done);
    });
}

void wire::connect_to(std::vector<endpoint> all, on_done done) {
    asio::async_connect(socket_, all, [this, done = std::move(done)](auto error, const endpoint&) {
        if (error) return done(error);
        boost::system::error_code ignored;
        if (to_->path.empty()) socket_.set_option(tcp::no_delay{true}, ignored);
        if (!tls_) return done({});
        open_tls(done);
    });
}

void wire::open_tls(on_done done) {
    boost::system::error_code is_name;
    (void)asio::ip::make_address(to_->host, is_name);
    // An address is no name of a server (RFC 6066, section 3).
    if (is_name && SSL_set_tlsext_host_name(tls_->native_handle(), to_->host.c_str()) != 1)
        return done(asio::error::invalid_argument);
    boost::system::error_code failed;
    tls_->set_verify_callback(asio::ssl::host_name_verification{to_->host}, failed);
    if (failed) return done(failed);
    tls_->async_handshake(asio::ssl::stream_base::client, [done = std::move(done)](auto error) { done(error); });
}

void wire::read_some(asio::mutable_buffer into, on_bytes done) {
    if (tls_) {
        tls_->async_read_some(into, std::move(done));
    } else {
        socket_.async_read_some(into, std::move(done));
    }
}

void wire::write(std::string_view bytes, on_bytes done) {
    const auto from = asio::buffer(bytes.data(), bytes.size());
    if (tls_) {
        asio::async_write(*tls_, from, std::move(done));
    } else {
        asio::async_write(socket_, from, std::move(done));
    }
}

void wire::close() noexcept {
    resolver_.cancel();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

bool wire::is_quiet() noexcept {
    char one = 0;
    const auto size = ::recv(socket_.native_handle(), &one, 1, MSG_PEEK | MSG_DONTWAIT);
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace xacthuc::inline v0_1::client
