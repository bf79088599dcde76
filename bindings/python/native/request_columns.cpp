// SPDX-License-Identifier: Apache-2.0
#include "request_columns.hpp"

#include <string_view>

namespace xacthuc::python {

claim_mask claims_of(const request_columns& plan) {
    // Claims are the fields after the id, in the same order.
    const auto claims = static_cast<claim_mask>(plan.fields() >> 1U & ((1U << claim_count) - 1));
    if (claims == 0)
        throw column_error{
            "nothing is claimed: no column beside the id is known by its heading or named by a keyword, "
            "such as name= or birth_date="};
    return claims;
}

void prepare_rows(const request_columns::rows& rows, std::int64_t first, const digest_key& key,
                  std::span<request> requests, std::vector<row_problem>& problems) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
        claim_set claims = rows.for_all();
        row_problem problem;
        bool is_good = rows.read(first + static_cast<std::int64_t>(i), claims, problem);
        if (is_good) {
            const auto made = prepare(claims, key);
            is_good = made.has_value();
            if (is_good) {
                requests[i] = *made;
            } else {
                const auto field = field_of(made.error(), claims);
                problem = {static_cast<std::uint64_t>(first) + i, field ? to_string(*field) : std::string_view{},
                           made.error().value()};
            }
        }
        if (is_good) continue;
        requests[i] = {};
        problems.push_back(problem);
    }
}

}  // namespace xacthuc::python
