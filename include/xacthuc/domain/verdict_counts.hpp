// SPDX-License-Identifier: Apache-2.0
// Counts over many verdicts: of outcomes, and for each claim how often it matched, did not match, or was not made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// For one kind of claim: verdicts in which it matched, did not match, and in which the register could not say.
struct claim_counts {
    std::uint64_t matched = 0;
    std::uint64_t mismatched = 0;
    std::uint64_t unavailable = 0;

    friend bool operator==(const claim_counts&, const claim_counts&) = default;
};

// Counts of one batch or many.
struct verdict_counts {
    std::uint64_t verdicts = 0;
    std::uint64_t silent = 0;  // verdicts that say of no claim whether it was made, as malformed ones
    std::array<std::uint64_t, 1024> by_outcome{};
    std::array<claim_counts, claim_count> by_claim{};
    std::array<std::uint64_t, 4> by_name_grade{};  // of `none` those that had no name to compare, too
    std::uint64_t coarse = 0;
    std::uint64_t claim_coarse = 0;

    // Counts these too.
    XACTHUC_API void add(std::span<const verdict> more) noexcept;
    XACTHUC_API void add(const verdict_counts& more) noexcept;

    // Verdicts of requests that did not make the claim: where they say `verified`, they say nothing about it.
    [[nodiscard]] XACTHUC_API std::uint64_t not_claimed(claim kind) const noexcept;

    friend bool operator==(const verdict_counts&, const verdict_counts&) = default;
};

}  // namespace xacthuc::inline v0_1
