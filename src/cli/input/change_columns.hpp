// SPDX-License-Identifier: Apache-2.0
// A row of a file of changes, CSV or a JSON object a line, and the change that it describes. Back: append_json().
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/registry/change.hpp>

#include "columns/csv/citizen_columns.hpp"

namespace xacthuc::cli {

// Those of citizens, and: change, key, record.
[[nodiscard]] std::span<const csv::column> change_columns() noexcept;

class change_parser {
  public:
    // Changes as JSON objects.
    explicit change_parser(const digest_key& key) : key_{key} {}
    // Changes as CSV. Throws command_error (exit_code::usage) when the header is not one of changes.
    change_parser(const digest_key& key, std::span<const std::string_view> header, bool ignore_unknown,
                  const std::string& file);

    [[nodiscard]] std::optional<csv::row_problem> parse_fields(std::span<const std::string_view> fields,
                                                               change& into) const;
    // A JSON object whose members are named like the columns; values are texts, numbers, true, false or null. Of what
    // follow writes besides, sequence is the change's number in the register that it comes from, 0 where there is none;
    // the time is passed over.
    [[nodiscard]] std::optional<csv::row_problem> parse_json(std::string_view line, change& into) const;

  private:
    digest_key key_;
    std::vector<std::size_t> columns_;  // of each field
    bool has_records_ = false;
};

}  // namespace xacthuc::cli
