// SPDX-License-Identifier: Apache-2.0
// Hours and days in Vietnam, UTC+7, by which the ledger's private files are named: 2026-11-28T21 and 2026-11-28.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace xacthuc::inline v0_1 {

// Hours since 1970-01-01T00 in UTC+7.
struct ledger_hour {
    std::int64_t number = 0;

    // The hour in which this moment lies. Requires: not before 1970, so that a row can have it.
    [[nodiscard]] static constexpr ledger_hour of(std::int64_t unix_ms) noexcept {
        return {(unix_ms + ahead_ms) / ms_an_hour};
    }
    [[nodiscard]] static std::optional<ledger_hour> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] constexpr std::int64_t day() const noexcept { return number / 24; }
    [[nodiscard]] constexpr std::int64_t begin_unix_ms() const noexcept { return number * ms_an_hour - ahead_ms; }

    friend auto operator<=>(const ledger_hour&, const ledger_hour&) = default;

  private:
    static constexpr std::int64_t ms_an_hour = 3'600'000;
    static constexpr std::int64_t ahead_ms = 7 * ms_an_hour;
};

// Days since 1970-01-01 in UTC+7.
[[nodiscard]] std::string text_of_day(std::int64_t day);
[[nodiscard]] std::optional<std::int64_t> parse_day(std::string_view text) noexcept;

}  // namespace xacthuc::inline v0_1
