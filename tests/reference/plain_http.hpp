// SPDX-License-Identifier: Apache-2.0
// A request of HTTP/1.1 cut out of bytes, slow and obvious: line by line and letter by letter, as RFC 9112 and RFC 9110
// have the grammar, with what the service lays down beyond it (docs/service.md): one Content-Length and no
// Transfer-Encoding, no folded lines, no bare line feeds, one Host, only paths, no body in HTTP/1.0, and each header
// that it reads once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xacthuc::tests {

struct plain_head {
    std::string method;
    std::string target;
    std::string path;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in their order
    std::optional<std::uint64_t> content_length;
    bool keeps_alive = true;
    bool expects_continue = false;

    // The last of that name, as there is at most one of what is asked for here; empty where there is none.
    [[nodiscard]] std::string header(std::string_view name) const;
};

// The head that the bytes begin with, up to and with its empty line; none: it is refused.
// Requires: the bytes have an empty line.
[[nodiscard]] std::optional<plain_head> read_plain_head(std::string_view bytes);
// Where the first empty line of the bytes ends; none: there is none.
[[nodiscard]] std::optional<std::size_t> find_head_end(std::string_view bytes);

}  // namespace xacthuc::tests
