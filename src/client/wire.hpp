// SPDX-License-Identifier: Apache-2.0
// One connection to the service: a socket of whatever family, and TLS over it where the URL says so.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "client/service_url.hpp"

namespace xacthuc::inline v0_1::client {

using strand = boost::asio::strand<boost::asio::any_io_executor>;

// Handlers are called on the strand. Whoever waits for one keeps the wire.
// Concurrency: the strand.
class wire {
  public:
    using on_done = std::function<void(boost::system::error_code)>;
    using on_bytes = std::function<void(boost::system::error_code, std::size_t)>;

    // `tls` is for URLs with it. Requires: `to` and `tls` outlive the wire.
    wire(const strand& on, const service_url& to, boost::asio::ssl::context* tls);

    void connect(on_done done);
    void read_some(boost::asio::mutable_buffer into, on_bytes done);
    // All of it, or an error and how much went.
    void write(std::string_view bytes, on_bytes done);
    // What is waited for ends with an error.
    void close() noexcept;

    [[nodiscard]] bool with_tls() const noexcept { return tls_.has_value(); }
    // Whether nothing has come: of a connection that nobody reads, neither its end nor what nobody asked for.
    [[nodiscard]] bool is_quiet() noexcept;

  private:
    using tcp = boost::asio::ip::tcp;
    using endpoint = boost::asio::generic::stream_protocol::endpoint;

    void connect_to(std::vector<endpoint> all, on_done done);
    void open_tls(on_done done);

    const service_url* to_;
    tcp::resolver resolver_;
    boost::asio::generic::stream_protocol::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::generic::stream_protocol::socket&>> tls_;
};

}  // namespace xacthuc::inline v0_1::client
