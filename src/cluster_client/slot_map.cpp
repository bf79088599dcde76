// SPDX-License-Identifier: Apache-2.0
#include "cluster_client/slot_map.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace xacthuc::inline v0_1::cluster {

std::optional<node_address> node_address::parse(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto host = text.substr(0, colon);
    const auto port_text = text.substr(colon + 1);
    unsigned port = 0;
    const auto [end, wrong] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (wrong != std::errc{} || end != port_text.data() + port_text.size() || port == 0 || port > 0xffff)
        return std::nullopt;
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return node_address{std::string{host}, static_cast<std::uint16_t>(port)};
}

std::string node_address::text() const {
    const bool is_wide = host.find(':') != std::string::npos;
    return (is_wide ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

slot_map slot_map::of_one(node_address server) {
    slot_map map;
    map.nodes.push_back(std::move(server));
    map.owner.fill(0);
    return map;
}

std::optional<slot_map> slot_map::parse(const reply& said, const node_address& asked) {
    if (!said.is(reply::kind::list)) return std::nullopt;
    std::optional<slot_map> map{std::in_place};
    map->owner.fill(nobody);
    for (const auto& range : said.items)
        if (!map->take_range(range, asked)) return std::nullopt;
    return map;
}

bool slot_map::take_range(const reply& range, const node_address& asked) {
    if (!range.is(reply::kind::list) || range.items.size() < 3) return false;
    const auto& first = range.items[0];
    const auto& last = range.items[1];
    if (!first.is(reply::kind::integer) || !last.is(reply::kind::integer)) return false;
    if (first.integer < 0 || last.integer < first.integer || last.integer >= std::int64_t{slot_count}) return false;
    const auto by = number_of(range.items[2], asked);
    if (!by) return false;
    std::fill(owner.begin() + first.integer, owner.begin() + last.integer + 1, *by);
    // Replicas are not asked questions, but know the map.
    for (std::size_t i = 3; i < range.items.size(); ++i)
        if (!number_of(range.items[i], asked)) return false;
    return true;
}

std::optional<std::uint16_t> slot_map::number_of(const reply& node, const node_address& asked) {
    if (!node.is(reply::kind::list) || node.items.size() < 2) return std::nullopt;
    const auto& host = node.items[0];
    const auto& port = node.items[1];
    if (!port.is(reply::kind::integer) || port.integer < 0 || port.integer > 0xffff) return std::nullopt;
    if (!host.is(reply::kind::text) && !host.is(reply::kind::nothing)) return std::nullopt;
    node_address at{host.text, static_cast<std::uint16_t>(port.integer)};
    if (at.host.empty() || at.host == "?") at.host = asked.host;
    if (at.port == 0) at.port = asked.port;
    const auto found = std::ranges::find(nodes, at);
    if (found != nodes.end()) return static_cast<std::uint16_t>(found - nodes.begin());
    if (nodes.size() == slot_count) return std::nullopt;
    nodes.push_back(std::move(at));
    return static_cast<std::uint16_t>(nodes.size() - 1);
}

std::optional<node_address> pointed_to(std::string_view error, const node_address& asked) {
    const auto space = error.rfind(' ');
    if (space == std::string_view::npos) return std::nullopt;
    auto at = node_address::parse(error.substr(space + 1));
    if (at && at->host.empty()) at->host = asked.host;
    return at;
}

}  // namespace xacthuc::inline v0_1::cluster
