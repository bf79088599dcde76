// SPDX-License-Identifier: Apache-2.0
// In the place of postgres_follower.cpp, where libpq was not there.
#include "cli/exit_code.hpp"
#include "cli/streams/postgres_follower.hpp"
#include "sources/postgres/setup_sql.hpp"

namespace xacthuc::cli {

postgres_totals follow_postgres(const postgres_options&, const sources::table_mapping&) {
    throw command_error{exit_code::failed, "this xacthuc was built without libpq, so it cannot reach PostgreSQL"};
}

std::vector<std::string> columns_to_publish(const std::string& conninfo, const sources::table_mapping& mapping) {
    if (!conninfo.empty()) static_cast<void>(follow_postgres({}, mapping));
    return postgres::named_columns(mapping);
}

}  // namespace xacthuc::cli
