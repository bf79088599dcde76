// SPDX-License-Identifier: Apache-2.0
#include "service/log_file_path.hpp"

#include <charconv>
#include <cstdint>

#include "ledger/tile_path.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

// Of any number of digits that fits. Whether it is written as it should be is seen when it is written anew.
template <class Number>
[[nodiscard]] std::optional<Number> number_in(std::string_view digits) noexcept {
    Number made = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), made);
    if (failed != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return made;
}

// "x001/x234/067" is 1234067.
[[nodiscard]] std::optional<std::uint64_t> tile_index_in(std::string_view text) noexcept {
    constexpr std::uint64_t base = 1000;
    std::uint64_t made = 0;
    while (true) {
        const bool goes_on = text.starts_with('x');
        if (goes_on) text.remove_prefix(1);
        const auto digits = number_in<std::uint16_t>(text.substr(0, 3));
        if (!digits || *digits >= base || made > UINT64_MAX / base - 1) return std::nullopt;
        made = made * base + *digits;
        text.remove_prefix(3 < text.size() ? 3 : text.size());
        if (!goes_on) break;
        if (!text.starts_with('/')) return std::nullopt;
        text.remove_prefix(1);
    }
    return text.empty() ? std::optional{made} : std::nullopt;
}

}  // namespace

std::optional<log_file> parse_log_file_path(std::string_view text) {
    if (text == "checkpoint") return log_file{std::string{text}, true};
    constexpr std::string_view before_kind = "tile/";
    if (!text.starts_with(before_kind)) return std::nullopt;
    auto rest = text.substr(before_kind.size());
    const auto kind = rest.substr(0, rest.find('/'));
    if (kind.size() == rest.size()) return std::nullopt;
    rest.remove_prefix(kind.size() + 1);
    std::size_t width = tile_width_max;
    if (const auto part = rest.find(".p/"); part != std::string_view::npos) {
        const auto given = number_in<std::size_t>(rest.substr(part + 3));
        if (!given || *given == 0 || *given >= tile_width_max) return std::nullopt;
        width = *given;
        rest = rest.substr(0, part);
    }
    const auto index = tile_index_in(rest);
    if (!index) return std::nullopt;
    std::string made;
    if (kind == "entries") {
        made = bundle_path(*index, width);
    } else {
        const auto level = number_in<unsigned>(kind);
        if (!level || *level >= tile_levels_max) return std::nullopt;
        made = tile_path(*level, *index, width);
    }
    if (made != text) return std::nullopt;
    return log_file{std::move(made), false};
}

}  // namespace xacthuc::inline v0_1::service
