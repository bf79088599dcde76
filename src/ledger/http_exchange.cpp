// SPDX-License-Identifier: Apache-2.0
#include "ledger/http_exchange.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <memory>

#include "http_fields/reply_bytes.hpp"
#include "http_fields/url_authority.hpp"

namespace xacthuc::inline v0_1 {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr std::size_t reply_bytes_max = std::size_t{64} << 10;
constexpr std::size_t piece_bytes = std::size_t{4} << 10;

// One request on its way. It lives as long as something is waited for.
class exchange : public std::enable_shared_from_this<exchange> {
  public:
    exchange(asio::io_context& on, const http_post& post, http_reply& reply)
        : resolver_{on}, stream_{on}, post_{&post}, reply_{&reply} {
        request_.method(http::verb::post);
        request_.target(post.to.path);
        request_.version(11);
        request_.set(http::field::host, post.to.host + ':' + post.to.port);
        request_.set(http::field::content_type, "text/plain; charset=utf-8");
        request_.body() = post.body;
        request_.prepare_payload();
        parser_.eager(true);
        parser_.body_limit(reply_bytes_max);
    }

    void start(std::chrono::milliseconds timeout) {
        reply_->body = "no answer in time";
        stream_.expires_after(timeout);
        boost::system::error_code not_an_address;
        const auto address = asio::ip::make_address(post_->to.host, not_an_address);
        unsigned short port = 0;
        if (!not_an_address) {
            port = static_cast<unsigned short>(std::stoul(post_->to.port));
            stream_.async_connect(tcp::endpoint{address, port},
                                  [me = shared_from_this()](const auto& error) { me->connected(error); });
            return;
        }
        resolver_.async_resolve(
            post_->to.host, post_->to.port, [me = shared_from_this()](const auto& error, const auto& found) {
                if (error) return me->fail(error);
                me->stream_.async_connect(found, [me](const auto& failed, const auto&) { me->connected(failed); });
            });
    }

  private:
    void connected(const boost::system::error_code& error) {
        if (error) return fail(error);
        http::async_write(stream_, request_, [me = shared_from_this()](const auto& failed, std::size_t) {
            if (failed) return me->fail(failed);
            me->read_on();
        });
    }
    void read_on() {
        // What Beast leaves lying is never as long as its limit of a head.
        stream_.async_read_some(buffer_.prepare(piece_bytes),
                                [me = shared_from_this()](const auto& error, std::size_t bytes) {
                                    me->buffer_.commit(bytes);
                                    me->take(error);
                                });
    }
    void take(boost::system::error_code error) {
        if (error == asio::error::eof) {
            parser_.put_eof(error);
        } else if (!error) {
            error = put_reply_bytes(parser_, buffer_);
        }
        if (error) return fail(error);
        if (!parser_.is_done()) return read_on();
        answered();
    }
    void answered() {
        reply_->status = parser_.get().result_int();
        reply_->body = std::move(parser_.get().body());
        boost::system::error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    }
    void fail(const boost::system::error_code& error) { reply_->body = error.message(); }

    tcp::resolver resolver_;
    boost::beast::tcp_stream stream_;
    const http_post* post_;
    http_reply* reply_;
    http::request<http::string_body> request_;
    http::response_parser<http::string_body> parser_;
    boost::beast::flat_buffer buffer_;
};

}  // namespace

std::optional<http_url> http_url::parse(std::string_view text) {
    constexpr std::string_view scheme = "http://";
    if (!text.starts_with(scheme)) return std::nullopt;
    text.remove_prefix(scheme.size());
    const auto slash = std::min(text.find('/'), text.size());
    auto path = text.substr(slash);
    while (path.ends_with('/')) path.remove_suffix(1);
    // A request is made of lines and words: neither may end in the middle of one.
    if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c == '\x7f' || c == '#' || c == '@'; }))
        return std::nullopt;
    constexpr std::size_t port_digits_max = 5;
    const auto at = url_authority::parse(text.substr(0, slash));
    if (!at || at->port.size() > port_digits_max) return std::nullopt;
    return http_url{std::string{at->host}, std::string{at->port.empty() ? "80" : at->port}, std::string{path}};
}

std::vector<http_reply> post_all(std::span<const http_post> posts, std::chrono::milliseconds timeout) {
    std::vector<http_reply> replies(posts.size());
    asio::io_context on{1};
    for (std::size_t i = 0; i < posts.size(); ++i) std::make_shared<exchange>(on, posts[i], replies[i])->start(timeout);
    on.run_for(timeout);
    return replies;
}

}  // namespace xacthuc::inline v0_1
