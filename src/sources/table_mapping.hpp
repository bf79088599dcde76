// SPDX-License-Identifier: Apache-2.0
// What an operator says of a database's table of citizens: which column holds which field, and what its codes mean.
// Read from a TOML file:
//
//   table = "hotich.cong_dan"       # "public" where no schema is named
//
//   [columns]                       # a field and its column; where none is named, headings say it (heading.hpp)
//   id = "so_cccd"
//   ward = false                    # not taken, whatever a column is called
//
//   [values.sex]                    # what is in the column, and our word; other codes are errors then
//   1 = "nam"
//   2 = "nữ"
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/policy/framework.hpp>

namespace xacthuc::inline v0_1::sources {

// How one field is found in a row.
struct field_mapping {
    std::string column{};  // empty: by its heading
    bool is_left_out = false;
    // Our word for what is in the column. Of a field that has codes no other value is taken then, but for empty ones;
    // of a day, others are days.
    std::map<std::string, std::string, std::less<>> words{};
};

struct table_mapping {
    std::string schema;
    std::string table;
    std::array<field_mapping, citizen_field_count> fields{};

    [[nodiscard]] const field_mapping& of(citizen_field field) const noexcept {
        return fields[static_cast<std::size_t>(field)];
    }
    // "schema.table"
    [[nodiscard]] std::string full_name() const { return schema + '.' + table; }
};

// Whether the field's values are codes of a list, which say nothing of one person and may be shown in a message.
[[nodiscard]] bool has_codes(citizen_field field) noexcept;

// The mapping, or everything that is wrong with the text. `file` is for messages.
[[nodiscard]] policy_result<table_mapping> parse_mapping(std::string_view text, const std::filesystem::path& file);
// Errors: settings_faults, with all of them; io; not_found.
[[nodiscard]] detailed_result<table_mapping> load_mapping(const std::filesystem::path& file);

}  // namespace xacthuc::inline v0_1::sources
