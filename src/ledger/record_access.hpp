// SPDX-License-Identifier: Apache-2.0
// One access to one citizen's record, as it goes into the segments that answer "who asked about me".
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::inline v0_1 {

struct record_access {
    std::uint64_t hidden_id = 0;  // under the ledger's permutation
    std::int64_t time_unix_s = 0;
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
    claim_mask claims = 0;
    std::uint64_t verdict_bits = 0;
    std::uint64_t officer = 0;

    friend auto operator<=>(const record_access&, const record_access&) = default;
};

using access_taker = std::function<void(const record_access&)>;
// Hands out accesses in any order; the same ones whenever it is called.
using access_source = std::function<detailed_result<void>(const access_taker&)>;

// What the accesses of a day, counted since 1970 in UTC+7, are encrypted with; none where the day's key is destroyed.
using access_secret = std::array<std::byte, 32>;
using access_secrets = std::function<detailed_result<std::optional<access_secret>>(std::int64_t day)>;

// A month in Vietnam, UTC+7: 2026-11.
struct ledger_month {
    std::int64_t number = 0;  // since January of the year 0

    [[nodiscard]] static ledger_month of_day(std::int64_t day) noexcept;
    [[nodiscard]] static std::optional<ledger_month> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::int64_t first_day() const noexcept;  // since 1970

    friend auto operator<=>(const ledger_month&, const ledger_month&) = default;
};

// The day and the second of it, in UTC+7.
struct local_second {
    static constexpr std::int64_t ahead_s = 7 * 3600;
    static constexpr std::int64_t day_s = 86'400;
    std::int64_t day = 0;
    std::uint32_t second = 0;

    [[nodiscard]] static constexpr local_second of(std::int64_t unix_s) noexcept {
        return {(unix_s + ahead_s) / day_s, static_cast<std::uint32_t>((unix_s + ahead_s) % day_s)};
    }
    [[nodiscard]] constexpr std::int64_t unix_s() const noexcept { return day * day_s + second - ahead_s; }
};

}  // namespace xacthuc::inline v0_1
