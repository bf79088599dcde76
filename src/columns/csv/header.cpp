// SPDX-License-Identifier: Apache-2.0
#include "columns/csv/header.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <xacthuc/domain/heading.hpp>

#include "columns/table_error.hpp"

namespace xacthuc::inline v0_1::csv {
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
                                      unknown_columns unknown, const std::string& file) {
    std::vector<std::size_t> positions;
    for (const auto field : header) positions.push_back(position_of(plain_heading(field), known));
    // Messages never repeat a cell: where the header is missing, the first row is somebody's.
    if (std::ranges::all_of(positions, [](std::size_t position) { return position == ignored_column; }))
        throw columns::column_error{
            fmt::format("no header: not one name of a column is known (known: {}): "
                        "{}, line 1",
                        names_of(known), file)};
    for (std::size_t i = 0; i < positions.size(); ++i) {
        const auto position = positions[i];
        if (position == ignored_column && unknown != unknown_columns::ignored)
            throw columns::column_error{
                fmt::format("an unknown column ({}known: {}): {}, line 1, column {}",
                            unknown == unknown_columns::refused ? "" : "--ignore-unknown leaves it out; ",
                            names_of(known), file, i + 1)};
        if (position != ignored_column && std::ranges::count(std::span{positions}.first(i), position) != 0)
            throw columns::column_error{
                fmt::format("two columns for {}: {}, line 1, column {}", known[position].name, file, i + 1)};
    }
    return positions;
}

void require_column(std::span<const std::size_t> columns, std::size_t place, std::string_view name,
                    const std::string& file) {
    if (std::ranges::count(columns, place) != 0) return;
    throw columns::column_error{fmt::format("the header has no column {}: {}, line 1", name, file)};
}

std::string wrong_field_count(std::size_t fields, std::size_t columns) {
    return fmt::format("the row has {} fields, the header has {}", fields, columns);
}

void append_header(std::string& to, std::span<const column> all) {
    for (const auto& one : all) {
        to += one.name;
        to += ',';
    }
    to.back() = '\n';
}

std::string describe_columns(std::span<const column> known) {
    std::string text;
    for (const auto& one : known) {
        text += fmt::format("  {:<24}{}\n", one.name, one.meaning);
        if (!one.aliases.empty()) text += fmt::format("  {:<24}  also: {}\n", "", one.aliases);
    }
    return text;
}

}  // namespace xacthuc::inline v0_1::csv
