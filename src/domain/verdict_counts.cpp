// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/domain/verdict_counts.hpp>

namespace xacthuc::inline v0_1 {

void verdict_counts::add(std::span<const verdict> more) noexcept {
    for (const auto& one : more) {
        ++by_outcome[static_cast<std::size_t>(one.outcome())];
        ++by_name_grade[static_cast<std::size_t>(one.name_grade())];
        coarse += one.coarse() ? 1 : 0;
        claim_coarse += one.claim_coarse() ? 1 : 0;
        silent += (one.matched() | one.mismatched() | one.unavailable()) == 0 ? 1 : 0;
        for (unsigned kind = 0; kind < claim_count; ++kind) {
            auto& counts = by_claim[kind];
            counts.matched += one.matched() >> kind & 1U;
            counts.mismatched += one.mismatched() >> kind & 1U;
            counts.unavailable += one.unavailable() >> kind & 1U;
        }
    }
    verdicts += more.size();
}

void verdict_counts::add(const verdict_counts& more) noexcept {
    verdicts += more.verdicts;
    silent += more.silent;
    coarse += more.coarse;
    claim_coarse += more.claim_coarse;
    for (std::size_t i = 0; i < by_outcome.size(); ++i) by_outcome[i] += more.by_outcome[i];
    for (std::size_t i = 0; i < by_name_grade.size(); ++i) by_name_grade[i] += more.by_name_grade[i];
    for (std::size_t i = 0; i < claim_count; ++i) {
        by_claim[i].matched += more.by_claim[i].matched;
        by_claim[i].mismatched += more.by_claim[i].mismatched;
        by_claim[i].unavailable += more.by_claim[i].unavailable;
    }
}

std::uint64_t verdict_counts::not_claimed(claim kind) const noexcept {
    const auto& made = by_claim[static_cast<std::size_t>(kind)];
    return verdicts - silent - made.matched - made.mismatched - made.unavailable;
}

}  // namespace xacthuc::inline v0_1
