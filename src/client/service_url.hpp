// SPDX-License-Identifier: Apache-2.0
// Where a service is: https://HOST[:PORT], http://HOST[:PORT], or unix:PATH.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace xacthuc::inline v0_1::client {

struct service_url {
    bool with_tls = false;
    std::string host{};  // an address without its brackets, or a name
    std::string port{};
    std::string path{};       // of a socket; empty: host and port count
    std::string authority{};  // as Host says it

    [[nodiscard]] static std::optional<service_url> parse(std::string_view text);
    // Whether what is asked stays on this machine, or nobody on the way can read it.
    [[nodiscard]] bool is_private() const;
};

}  // namespace xacthuc::inline v0_1::client
