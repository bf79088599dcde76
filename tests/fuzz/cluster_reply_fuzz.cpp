// SPDX-License-Identifier: Apache-2.0
// Hostile replies of a server: they are read the same in one piece and in many, within bounds, and whatever is a slot
// map has only slots and nodes that there are.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "cluster_client/resp.hpp"
#include "cluster_client/slot_map.hpp"

namespace {

using namespace xacthuc::cluster;

[[nodiscard]] bool are_same(const reply& one, const reply& other) {
    return one.what == other.what && one.text == other.text && one.integer == other.integer &&
           std::ranges::equal(one.items, other.items, are_same);
}

[[nodiscard]] std::vector<reply> read(std::string_view bytes, std::size_t piece, bool& is_wrong) {
    reply_reader reader;
    std::vector<reply> all;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        reader.feed(bytes.substr(at, piece));
        while (auto one = reader.next()) all.push_back(*std::move(one));
    }
    is_wrong = !reader.problem().empty();
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    bool is_wrong = false;
    bool is_wrong_in_pieces = false;
    const auto whole = read(bytes, std::max<std::size_t>(bytes.size(), 1), is_wrong);
    const auto in_pieces = read(bytes, std::size_t{data[0]} % 17 + 1, is_wrong_in_pieces);
    if (is_wrong != is_wrong_in_pieces || !std::ranges::equal(whole, in_pieces, are_same)) std::abort();
    const node_address asked{"10.0.0.1", 7000};
    for (const auto& one : whole) {
        (void)pointed_to(one.text, asked);
        const auto map = slot_map::parse(one, asked);
        if (!map) continue;
        for (const auto owner : map->owner)
            if (owner != slot_map::nobody && owner >= map->nodes.size()) std::abort();
        for (const auto& node : map->nodes)
            if (node.host.empty() || node.port == 0) std::abort();
    }
    return 0;
}
