// SPDX-License-Identifier: Apache-2.0
// What an administrator runs once, before a table can be followed.
#pragma once

#include <span>
#include <string>

#include "sources/row_changes.hpp"
#include "sources/table_mapping.hpp"

namespace xacthuc::inline v0_1::postgres {

// SQL: the server's settings, a role that may read what is needed and nothing else, a publication with the list of
// columns. `columns` are those that hold fields.
[[nodiscard]] std::string setup_sql(const sources::table_mapping& mapping, std::span<const std::string> columns,
                                    const std::string& publication, const std::string& slot);

// The columns that the mapping names.
[[nodiscard]] std::vector<std::string> named_columns(const sources::table_mapping& mapping);

}  // namespace xacthuc::inline v0_1::postgres
