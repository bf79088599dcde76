// SPDX-License-Identifier: Apache-2.0
#include "cli/csv/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <xacthuc/domain/heading.hpp>

#include "cli/exit_code.hpp"

namespace xacthuc::cli::csv {
namespace {

[[nodiscard]] std::size_t position_of(std::string_view name, std::span<const column> known) {
    const auto found = std::ranges::find_if(known, [&](const column& candidate) {
        return is_called({candidate.name, candidate.aliases}, name);
    });
    return found == known.end() ? ignored_column : static_cast<std::size_t>(found - known.begin());
}

[[nodiscard]] std::string names_of(std::span<const column> known) {
    std::string names;
    for (const auto& one : known) names += fmt::format("{}{}", names.empty() ? "" : ", ", one.name);
    return names;
}

}  // namespace

std::vector<std::size_t> match_header(std::span<const std::string_view> header, std::span<const column> known,
                                      bool ignore_unknown, const std::string& file) {
    std::vector<std::size_t> positions;
    for (const auto field : header) {
        const auto position = position_of(plain_heading(field), known);
        if (position == ignored_column && !ignore_unknown)
            throw command_error{
                exit_code::usage,
                fmt::format("unknown column «{}» (--ignore-unknown leaves it out; known: {}): {}, line 1, column {}",
                            field, names_of(known), file, positions.size() + 1)};
        if (position != ignored_column && std::ranges::count(positions, position) != 0)
            throw command_error{exit_code::usage, fmt::format("two columns for {}: {}, line 1, column {}",
                                                              known[position].name, file, positions.size() + 1)};
        positions.push_back(position);
    }
    return positions;
}

std::string describe_columns(std::span<const column> known) {
    std::string text;
    for (const auto& one : known) {
        text += fmt::format("  {:<24}{}\n", one.name, one.meaning);
        if (!one.aliases.empty()) text += fmt::format("  {:<24}  also: {}\n", "", one.aliases);
    }
    return text;
}

}  // namespace xacthuc::cli::csv
