// SPDX-License-Identifier: Apache-2.0
#include "citizen_columns.hpp"

#include "columns/made_row.hpp"

namespace xacthuc::python {

bool make_record(const citizen_columns::rows& rows, std::int64_t row, const digest_key& key, record& into,
                 row_problem& problem) {
    citizen who = rows.for_all();
    if (!rows.read(row, who, problem)) return false;
    const auto why = columns::make_record(who, key, into);
    if (why) problem = problem_at(static_cast<std::uint64_t>(row), why);
    return !why;
}

}  // namespace xacthuc::python
