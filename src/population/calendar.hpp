// SPDX-License-Identifier: Apache-2.0
// Dates put together from parts that are known to be right: quicker than date::from_parts(), and no way to fail.
#pragma once

#include <array>
#include <cstdint>
#include <xacthuc/domain/date.hpp>

namespace xacthuc::inline v0_1 {

[[nodiscard]] constexpr bool is_leap_year(int year) noexcept {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// Requires: 1 <= month <= 12.
[[nodiscard]] constexpr unsigned days_of_month(int year, unsigned month) noexcept {
    constexpr std::array<std::uint8_t, 13> days{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month] + unsigned{month == 2 && is_leap_year(year)};
}

// Requires: a year, a month of a year or a day of the calendar, 0 for what is unknown; year_min <= year <= year_max.
[[nodiscard]] constexpr date pack_date(int year, unsigned month, unsigned day) noexcept {
    return date::from_packed(static_cast<std::uint32_t>(year - 1800) << 9 | month << 5 | day);
}

}  // namespace xacthuc::inline v0_1
