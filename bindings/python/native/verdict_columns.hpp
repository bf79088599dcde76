// SPDX-License-Identifier: Apache-2.0
// Verdicts as columns of a table that is handed out.
#pragma once

#include <span>
#include <string_view>
#include <vector>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/verdict.hpp>

#include "arrow_output.hpp"

namespace xacthuc::python {

// "none", "folded", "exact" or "marks_differ".
[[nodiscard]] std::string_view grade_word(name_grade of) noexcept;

template <class Use>
void for_each_claim(claim_mask claims, Use use) {
    for (unsigned kind = 0; kind < claim_count; ++kind)
        if ((claims >> kind & 1U) != 0) use(static_cast<claim>(kind));
}

// outcome, meaning, matched, mismatched, unavailable, name_grade, coarse, claim_coarse, and one for each of the claims.
[[nodiscard]] std::vector<output_type> verdict_types(claim_mask claims);
[[nodiscard]] std::vector<output_column> verdict_columns(std::span<const verdict> verdicts, claim_mask claims);

}  // namespace xacthuc::python
