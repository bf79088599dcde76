// SPDX-License-Identifier: Apache-2.0
// HOST[:PORT] of an URL, taken apart. What a host may be, and what else the URL has, is for whoever reads it.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace xacthuc::inline v0_1 {

struct url_authority {
    std::string_view host;  // not empty; what stood in brackets without them
    std::string_view port;  // as it is written, up to 65535; empty where there is none
    std::uint16_t port_number = 0;
    bool is_bracketed = false;

    [[nodiscard]] static std::optional<url_authority> parse(std::string_view text) noexcept {
        url_authority made;
        made.is_bracketed = text.starts_with('[');
        const auto end = made.is_bracketed ? text.find(']') : std::min(text.find(':'), text.size());
        if (end == std::string_view::npos) return std::nullopt;
        made.host = made.is_bracketed ? text.substr(1, end - 1) : text.substr(0, end);
        if (made.host.empty()) return std::nullopt;
        const auto after = text.substr(made.is_bracketed ? end + 1 : end);
        if (after.empty()) return made;
        if (!after.starts_with(':')) return std::nullopt;
        made.port = after.substr(1);
        const auto* const last = made.port.data() + made.port.size();
        const auto [read_to, failed] = std::from_chars(made.port.data(), last, made.port_number);
        if (failed != std::errc{} || read_to != last) return std::nullopt;
        return made;
    }
};

}  // namespace xacthuc::inline v0_1
