// SPDX-License-Identifier: Apache-2.0
// A row of a citizens file and the citizen that it describes.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/record.hpp>

#include "columns/csv/header.hpp"
#include "columns/field_problem.hpp"

namespace xacthuc::inline v0_1::csv {

// In the order of citizen_field.
[[nodiscard]] std::span<const column> citizen_columns() noexcept;

// What is wrong with a row: the column by its name, empty for the row as a whole.
struct row_problem {
    std::string_view column;
    std::string reason;

    template <class Field>
    [[nodiscard]] static row_problem of(const columns::field_problem<Field>& why) {
        return {why.name(), why.why().message()};
    }
};

class citizen_parser {
  public:
    // Throws columns::column_error when the header is not one of a citizens file.
    citizen_parser(std::span<const std::string_view> header, bool ignore_unknown, const std::string& file);

    // Reads the fields into a citizen, whose name is a view of its field.
    [[nodiscard]] std::optional<row_problem> parse(std::span<const std::string_view> fields, citizen& into) const;
    // The same, and on to its record.
    [[nodiscard]] std::optional<row_problem> parse(std::span<const std::string_view> fields, const digest_key& key,
                                                   record& into) const;

    // The header row of such a file as generate writes it, and a citizen as one of its rows, both with the line feed.
    static void append_header(std::string& to);
    static void append_row(std::string& to, const citizen& who);

  private:
    std::vector<std::size_t> columns_;  // of each field
};

}  // namespace xacthuc::inline v0_1::csv
