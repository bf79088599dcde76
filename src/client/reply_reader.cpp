// SPDX-License-Identifier: Apache-2.0
#include "client/reply_reader.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <cstdint>

#include "http_fields/reply_bytes.hpp"

namespace xacthuc::inline v0_1::client {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t head_bytes_max = 16U << 10;
constexpr std::size_t buffer_bytes_max = std::size_t{64} << 10;
constexpr std::size_t piece_bytes = std::size_t{16} << 10;

}  // namespace

reply_reader::reply_reader(std::size_t body_bytes_max) : bytes_{buffer_bytes_max} {
    parser_.eager(true);
    parser_.header_limit(head_bytes_max);
    parser_.body_limit(body_bytes_max);
}

boost::asio::mutable_buffer reply_reader::room() {
    return bytes_.prepare(std::min(piece_bytes, bytes_.max_size() - bytes_.size()));
}

boost::system::error_code reply_reader::take(std::size_t bytes) {
    bytes_.commit(bytes);
    if (const auto error = put_reply_bytes(parser_, bytes_)) return error;
    if (!parser_.is_header_done()) return {};
    if (!parser_.chunked() && !parser_.content_length()) return http::error::bad_content_length;
    return status() < 200 ? http::error::bad_status : boost::system::error_code{};
}

}  // namespace xacthuc::inline v0_1::client
