// SPDX-License-Identifier: Apache-2.0
// Dates as registers know them: to the day, to the month, to the year, or not at all.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// Packed as year - 1800 (9 bits) · month (4) · day (5), most significant first, 18 bits; 0 in a place is "unknown", so
// that packed full dates order as the calendar does.
class date {
  public:
    enum class precision : std::uint8_t { none = 0, year = 1, month = 2, day = 3 };

    static constexpr int year_min = 1801;
    static constexpr int year_max = 1800 + 511;
    static constexpr unsigned packed_bits = 18;

    // Unknown.
    constexpr date() = default;

    // month 0 is year precision, day 0 is month precision.
    // Errors: date_range (no such day in the Gregorian calendar, a day without a month, or a year out of year_min to
    // year_max).
    [[nodiscard]] XACTHUC_API static result<date> from_parts(int year, unsigned month = 0, unsigned day = 0) noexcept;
    // YYYY, YYYY-MM, YYYY-MM-DD, MM/YYYY, DD/MM/YYYY, DDMMYYYY; also 00 for an unknown day or month ("00/00/1950",
    // "1950-00-00"), as older papers write it. Empty text is the unknown date.
    // Errors: date_syntax, date_range.
    [[nodiscard]] XACTHUC_API static result<date> parse(std::string_view text) noexcept;
    // Days after 1970-01-01 in the Gregorian calendar; full precision.
    // Errors: date_range.
    [[nodiscard]] XACTHUC_API static result<date> from_unix_days(std::int32_t days) noexcept;
    // Requires: packed came from packed().
    [[nodiscard]] static constexpr date from_packed(std::uint32_t packed) noexcept {
        date d;
        d.packed_ = packed;
        return d;
    }

    [[nodiscard]] constexpr std::uint32_t packed() const noexcept { return packed_; }
    [[nodiscard]] constexpr int year() const noexcept {
        return packed_ == 0 ? 0 : 1800 + static_cast<int>(packed_ >> 9);
    }
    [[nodiscard]] constexpr unsigned month() const noexcept { return packed_ >> 5 & 15; }
    [[nodiscard]] constexpr unsigned day() const noexcept { return packed_ & 31; }
    [[nodiscard]] constexpr precision known_to() const noexcept {
        if (packed_ == 0) return precision::none;
        if (month() == 0) return precision::year;
        return day() == 0 ? precision::month : precision::day;
    }
    // Requires: known_to() == precision::day.
    [[nodiscard]] XACTHUC_API std::int32_t unix_days() const noexcept;
    // YYYY, YYYY-MM, YYYY-MM-DD, or empty.
    [[nodiscard]] XACTHUC_API std::string to_string() const;

    friend constexpr auto operator<=>(date, date) = default;

  private:
    std::uint32_t packed_ = 0;
};

}  // namespace xacthuc::inline v0_1
