// SPDX-License-Identifier: Apache-2.0
// Accesses of a month that nobody made: few citizens are asked about very often, most once.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "ledger/record_access.hpp"

namespace xacthuc::tests {

inline constexpr ledger_month november{2026 * 12 + 10};

[[nodiscard]] inline std::vector<record_access> made_accesses(std::size_t count, std::uint64_t seed,
                                                              ledger_month month = november) {
    std::mt19937_64 random{seed};
    const auto days = static_cast<std::uint64_t>(ledger_month{month.number + 1}.first_day() - month.first_day());
    std::vector<record_access> made(count);
    for (auto& one : made) {
        const auto often = random() % 4 == 0;
        one.hidden_id = often ? (random() % 5 + 1) * 0x12'3456'789aU : random() & ((std::uint64_t{1} << 40) - 1);
        one.time_unix_s = local_second{month.first_day() + static_cast<std::int64_t>(random() % days),
                                       static_cast<std::uint32_t>(random() % 86'400)}
                              .unix_s();
        one.agency = static_cast<std::uint16_t>(1 + random() % 3);
        one.procedure = static_cast<std::uint16_t>(1 + random() % 3);
        one.claims = static_cast<claim_mask>(1 + random() % 4);
        one.verdict_bits = random() % 3;
        one.officer = random() % 40 == 0 ? random() : random() % 7;
    }
    return made;
}

[[nodiscard]] inline access_source source_of(const std::vector<record_access>& all) {
    return [&all](const access_taker& take) -> detailed_result<void> {
        for (const auto& one : all) take(one);
        return {};
    };
}

// A secret for each day, but for those that are destroyed.
struct made_secrets {
    std::vector<std::int64_t> destroyed{};

    [[nodiscard]] access_secrets all() const {
        return [this](std::int64_t day) -> detailed_result<std::optional<access_secret>> {
            if (std::ranges::find(destroyed, day) != destroyed.end()) return std::optional<access_secret>{};
            access_secret secret{};
            for (std::size_t i = 0; i < 8; ++i)
                secret[i] = static_cast<std::byte>(static_cast<std::uint64_t>(day) >> 8 * i);
            return std::optional{secret};
        };
    }
};

}  // namespace xacthuc::tests
