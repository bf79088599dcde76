// SPDX-License-Identifier: Apache-2.0
#include "citizen_columns.hpp"

#include <xacthuc/domain/name.hpp>

namespace xacthuc::python {

bool make_record(const citizen_columns::rows& rows, std::int64_t row, const digest_key& key, record& into,
                 row_problem& problem) {
    citizen who = rows.for_all();
    if (!rows.read(row, who, problem)) return false;
    name_digests digests{};
    if (!who.name.empty()) {
        const auto name = digest_name(who.name, key);
        if (!name) {
            problem = {static_cast<std::uint64_t>(row), to_string(citizen_field::name), name.error().value()};
            return false;
        }
        digests = *name;
    }
    const auto made = xacthuc::make_record(who, digests);
    if (!made) {
        // All else was checked when it was read.
        problem = {static_cast<std::uint64_t>(row), to_string(citizen_field::document_expiry), made.error().value()};
        return false;
    }
    into = *made;
    return true;
}

}  // namespace xacthuc::python
