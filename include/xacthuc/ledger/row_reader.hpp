// SPDX-License-Identifier: Apache-2.0
// The rows of a ledger without the citizens: what bills are made of, and what whoever checks a bill needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/verdict.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// What was answered, and not about whom.
struct billed_row {
    std::uint64_t entry = 0;
    std::uint64_t row = 0;  // in its entry
    std::int64_t time_unix_ms = 0;
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
    claim_mask claims = 0;
    xacthuc::verdict verdict{};  // as the asker was shown it
    std::uint64_t officer = 0;
};

// Hands out the rows of a ledger's entries from the first of these on to that before the last, in their order.
// Complexity: reads the hours that have them.
// Errors: not_found (rows of some of the entries are pruned or forgotten); io; those of rows.
[[nodiscard]] XACTHUC_API detailed_result<void> read_billed_rows(const std::filesystem::path& directory,
                                                                 std::uint64_t from_size, std::uint64_t to_size,
                                                                 const std::function<void(const billed_row&)>& take);

}  // namespace xacthuc::inline v0_1
