// SPDX-License-Identifier: Apache-2.0
// Small dated files of TOML: `from`, the day from which one holds, keys of its own, and lists of tables.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <xacthuc/policy/framework.hpp>

#include "policy/toml_values.hpp"

namespace xacthuc::inline v0_1 {

// The first second of a day that toml_values::day() has read, in UTC+7.
[[nodiscard]] std::int64_t unix_s_of_policy_day(std::uint16_t day) noexcept;

// The file's whole text. Errors: that it cannot be read, or has more than a megabyte.
[[nodiscard]] policy_result<std::string> read_dated_text(const std::filesystem::path& file);

using table_reader = std::function<void(toml_values& values, const toml::table& in, std::uint32_t line)>;
// Whether it knows the key.
using key_reader = std::function<bool(toml_values& values, std::string_view key, const toml::node& value)>;

// Reads one. All keys outside of tables are read before the tables are. Returns what is wrong with it, by lines.
[[nodiscard]] policy_faults read_dated_file(std::string_view text, std::string file, const key_reader& take_key,
                                            const std::map<std::string, table_reader, std::less<>>& tables,
                                            std::uint16_t* from = nullptr);

}  // namespace xacthuc::inline v0_1
