// SPDX-License-Identifier: Apache-2.0
// Reads one reply of HTTP/1.1 from bytes as they come, by Beast's parser, in bounded memory and by rules of our own: it
// has a length or comes in chunks, for one that ends with its connection could be cut short unseen; and it is final.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace xacthuc::inline v0_1::client {

using reply = boost::beast::http::response<boost::beast::http::string_body>;

class reply_reader {
  public:
    explicit reply_reader(std::size_t body_bytes_max);

    // Where the next bytes go; empty where there is no more room for what is not understood yet.
    [[nodiscard]] boost::asio::mutable_buffer room();
    // Reads so many of them. An error ends the reading.
    [[nodiscard]] boost::system::error_code take(std::size_t bytes);

    [[nodiscard]] bool is_done() const { return parser_.is_done(); }
    // Requires: is_done(), as all below.
    [[nodiscard]] unsigned status() const { return parser_.get().result_int(); }
    // Whether nothing came after it, and the connection is kept.
    [[nodiscard]] bool is_clean() const { return bytes_.size() == 0 && parser_.get().keep_alive(); }
    [[nodiscard]] reply release() { return parser_.release(); }

  private:
    boost::beast::http::response_parser<boost::beast::http::string_body> parser_;
    boost::beast::flat_buffer bytes_;
};

}  // namespace xacthuc::inline v0_1::client
