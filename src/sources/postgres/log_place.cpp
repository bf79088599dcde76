// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/log_place.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace xacthuc::inline v0_1::postgres {
namespace {

constexpr std::string_view place_mark = "postgresql 1";
constexpr std::size_t place_words = 7;

template <class Number>
[[nodiscard]] bool read_whole(std::string_view text, Number& into, int base = 10) noexcept {
    const auto* const end = text.data() + text.size();
    const auto done = std::from_chars(text.data(), end, into, base);
    return done.ec == std::errc{} && done.ptr == end;
}

[[nodiscard]] std::string hex_text(std::uint32_t value) {
    std::array<char, 8> digits{};
    const auto done = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
    std::string made{digits.data(), done.ptr};
    for (auto& c : made)
        if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    return made;
}

}  // namespace

std::string position_text(log_position position) {
    return hex_text(static_cast<std::uint32_t>(position >> 32)) + '/' + hex_text(static_cast<std::uint32_t>(position));
}

std::optional<log_position> parse_position(std::string_view text) noexcept {
    const auto slash = text.find('/');
    std::uint32_t high = 0;
    std::uint32_t low = 0;
    if (slash == std::string_view::npos || !read_whole(text.substr(0, slash), high, 16) ||
        !read_whole(text.substr(slash + 1), low, 16))
        return {};
    return log_position{high} << 32 | low;
}

std::vector<std::byte> log_place::bytes() const {
    const auto text = std::string{place_mark} + ' ' + std::to_string(system) + ' ' + std::to_string(timeline) + ' ' +
                      std::to_string(table) + ' ' + slot + ' ' + position_text(position);
    std::vector<std::byte> made(text.size());
    std::memcpy(made.data(), text.data(), text.size());
    return made;
}

std::optional<log_place> log_place::parse(std::span<const std::byte> bytes) {
    std::string_view rest{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    std::array<std::string_view, place_words> words{};
    for (std::size_t k = 0; k < place_words; ++k) {
        const auto end = k + 1 == place_words ? rest.size() : rest.find(' ');
        if (end == std::string_view::npos) return {};
        words[k] = rest.substr(0, end);
        rest.remove_prefix(k + 1 == place_words ? end : end + 1);
    }
    log_place made;
    const auto position = parse_position(words[6]);
    if (words[0] != place_mark.substr(0, 10) || words[1] != place_mark.substr(11) ||
        !read_whole(words[2], made.system) || !read_whole(words[3], made.timeline) ||
        !read_whole(words[4], made.table) || words[5].empty() || !position)
        return {};
    made.slot = words[5];
    made.position = *position;
    return made;
}

}  // namespace xacthuc::inline v0_1::postgres
