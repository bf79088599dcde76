// SPDX-License-Identifier: Apache-2.0
// POST requests to several servers at once, in the caller's thread and within a time.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xacthuc::inline v0_1 {

struct http_url {
    std::string host;  // a name or an address, one of IPv6 without its brackets
    std::string port;
    std::string path;  // without a slash at its end

    // "http://host[:port][/path]"
    [[nodiscard]] static std::optional<http_url> parse(std::string_view text);
};

struct http_post {
    http_url to;
    std::string body;
};

struct http_reply {
    unsigned status = 0;  // 0: none
    std::string body;     // or why there is none
};

// As many replies as posts, each of at most 64 KiB.
[[nodiscard]] std::vector<http_reply> post_all(std::span<const http_post> posts, std::chrono::milliseconds timeout);

}  // namespace xacthuc::inline v0_1
