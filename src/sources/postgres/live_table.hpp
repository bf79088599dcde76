// SPDX-License-Identifier: Apache-2.0
// The table of citizens, its publication and its slot, as the server has them now, held against the mapping.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sources/postgres/log_place.hpp"
#include "sources/postgres/session.hpp"
#include "sources/row_changes.hpp"
#include "sources/table_mapping.hpp"

namespace xacthuc::inline v0_1::postgres {

struct live_table {
    std::uint32_t oid = 0;
    double rows_estimated = 0;
    bool has_pages = false;                       // rows can be asked for by the numbers of their pages
    bool is_published_whole = false;              // no list of columns: more leaves the server than is needed
    std::vector<sources::source_column> columns;  // that are published, and hold a field
    sources::row_changes rows;                    // bound to them
};

// Throws source_error, unfit, with everything that is wrong, a line each, with the names of table and column: no such
// table, publication or column; a publication that leaves out a kind of change or some rows; a replica identity that
// does not have the id; an id that is not unique; values of an enumerated type without a word.
[[nodiscard]] live_table examine_table(const session& at, const sources::table_mapping& mapping,
                                       const std::string& publication);

// The table's columns that hold fields, published or not. Throws source_error, unfit.
[[nodiscard]] std::vector<std::string> columns_of_fields(const session& at, const sources::table_mapping& mapping);

// Throws source_error, unfit, with each value in a column of codes that has no word, of the first rows that come: 0 is
// all of them.
void check_codes(const session& at, const sources::table_mapping& mapping, const live_table& table,
                 std::uint64_t rows_max = 0);

// Pages of the table, some of which may be empty.
[[nodiscard]] std::uint64_t pages_of(const session& at, const live_table& table);

// Who the server is and how far it has come.
struct live_server {
    std::uint64_t system = 0;
    std::uint32_t timeline = 0;
    log_position position = 0;
};
// Requires: a session for replication.
[[nodiscard]] live_server identify(const session& replication);

// Throws source_error, broken_off, where the server and its slot cannot lead on from the place, with the reason.
void check_place(const session& at, const live_server& server, const log_place& place, std::uint32_t table);

[[nodiscard]] bool has_slot(const session& at, const std::string& slot);

}  // namespace xacthuc::inline v0_1::postgres
