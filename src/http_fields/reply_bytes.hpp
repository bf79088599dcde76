// SPDX-License-Identifier: Apache-2.0
// Gives a parser of Beast the bytes of a reply that have come, but none that it cannot bear.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace xacthuc::inline v0_1 {

// "0\r\n\r\n": no body in chunks ends with less. Beast 1.81 takes for granted that as much is there whenever it goes on
// with the last chunk (it asserts so), and whoever sends decides where it has to go on.
inline constexpr std::size_t last_chunk_bytes = 5;

// Consumes what the parser takes of the bytes; what is left waits for more. An error ends the reading.
template <class Parser>
[[nodiscard]] boost::system::error_code put_reply_bytes(Parser& parser, boost::beast::flat_buffer& bytes) {
    while (bytes.size() != 0 && !parser.is_done()) {
        if (parser.is_header_done() && parser.chunked() && bytes.size() < last_chunk_bytes) break;
        boost::system::error_code error;
        const auto used = parser.put(bytes.data(), error);
        bytes.consume(used);
        if (error && error != boost::beast::http::error::need_more) return error;
        if (used == 0) break;
    }
    return {};
}

}  // namespace xacthuc::inline v0_1
