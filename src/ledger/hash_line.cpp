// SPDX-License-Identifier: Apache-2.0
#include "ledger/hash_line.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "note/base64.hpp"

namespace xacthuc::inline v0_1 {

std::string base64_of_hash(const tree_hash& hash) {
    return base64_of(hash);
}

std::optional<tree_hash> hash_of_base64(std::string_view text) {
    const auto bytes = bytes_of_base64(text);
    tree_hash hash;
    if (!bytes || bytes->size() != hash.size()) return std::nullopt;
    std::memcpy(hash.data(), bytes->data(), hash.size());
    return hash;
}

std::optional<std::uint64_t> number_of_decimal(std::string_view text) noexcept {
    std::uint64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    return number;
}

std::optional<std::string_view> take_line(std::string_view& text) noexcept {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

}  // namespace xacthuc::inline v0_1
