// SPDX-License-Identifier: Apache-2.0
#include "sources/postgres/setup_sql.hpp"

#include <string_view>
#include <vector>

namespace xacthuc::inline v0_1::postgres {
namespace {

// A quote within a quoted name is written twice.
[[nodiscard]] std::string quoted_with(char quote, std::string_view name) {
    std::string made{quote};
    for (const char c : name) {
        if (c == quote) made += c;
        made += c;
    }
    return made + quote;
}
[[nodiscard]] std::string quoted_identifier(std::string_view name) {
    return quoted_with('"', name);
}

}  // namespace

std::vector<std::string> named_columns(const sources::table_mapping& mapping) {
    std::vector<std::string> made;
    for (const auto& one : mapping.fields)
        if (!one.column.empty() && !one.is_left_out) made.push_back(one.column);
    return made;
}

std::string setup_sql(const sources::table_mapping& mapping, std::span<const std::string> columns,
                      const std::string& publication, const std::string& slot) {
    const auto schema = quoted_identifier(mapping.schema);
    const auto table = schema + '.' + quoted_identifier(mapping.table);
    std::string list;
    for (const auto& one : columns) list += (list.empty() ? "" : ", ") + quoted_identifier(one);
    return "-- Run by a superuser in the database of the table. Changes are streamed from the server's log:\n"
           "ALTER SYSTEM SET wal_level = 'logical';              -- takes a restart of the server\n"
           "-- A follower that is away keeps the log from being dropped, up to so much. What is dropped then takes a\n"
           "-- new first copy; without a limit a disk may fill:\n"
           "ALTER SYSTEM SET max_slot_wal_keep_size = '64GB';    -- takes SELECT pg_reload_conf();\n"
           "\n"
           "-- A role that may read these columns and nothing else; give it a password, or a line of pg_hba.conf. "
           "ctid\n"
           "-- is where a row lies: with it several connections share the first copy.\n"
           "CREATE ROLE xacthuc_follower LOGIN REPLICATION;\n"
           "GRANT USAGE ON SCHEMA " +
           schema +
           " TO xacthuc_follower;\n"
           "GRANT SELECT (" +
           list + ", ctid) ON " + table +
           " TO xacthuc_follower;\n"
           "\n"
           "-- No other column leaves the server. The id has to be of the replica identity: the primary key, or\n"
           "--   ALTER TABLE " +
           table +
           " REPLICA IDENTITY USING INDEX …;\n"
           "CREATE PUBLICATION " +
           quoted_identifier(publication) + " FOR TABLE " + table + " (" + list +
           ")\n"
           "    WITH (publish = 'insert, update, delete, truncate');\n"
           "\n"
           "-- Where rows are so wide that a text of these columns may lie outside of them (TOAST), it has to stay\n"
           "-- inside, for it is not sent when it did not change:\n"
           "--   ALTER TABLE " +
           table +
           " ALTER COLUMN … SET STORAGE PLAIN;\n"
           "\n"
           "-- The slot is made by the first run of follow-postgres. When nobody follows any more:\n"
           "--   SELECT pg_drop_replication_slot(" +
           quoted_with('\'', slot) + ");\n";
}

}  // namespace xacthuc::inline v0_1::postgres
