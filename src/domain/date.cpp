// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <xacthuc/domain/date.hpp>

namespace xacthuc::inline v0_1 {
namespace {

// -1 unless all of it are digits.
[[nodiscard]] int number(std::string_view digits) noexcept {
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

[[nodiscard]] result<date> from_texts(std::string_view year, std::string_view month, std::string_view day) noexcept {
    const int y = number(year);
    const int m = number(month);
    const int d = number(day);
    if (y < 0 || m < 0 || d < 0) return errc::date_syntax;
    return date::from_parts(y, static_cast<unsigned>(m), static_cast<unsigned>(d));
}

}  // namespace

result<date> date::from_parts(int year, unsigned month, unsigned day) noexcept {
    if (year < year_min || year > year_max || month > 12 || (month == 0 && day != 0)) return errc::date_range;
    if (day != 0 &&
        !std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}}.ok())
        return errc::date_range;
    return from_packed(static_cast<std::uint32_t>(year - 1800) << 9 | month << 5 | day);
}

result<date> date::parse(std::string_view text) noexcept {
    const auto is = [&](std::size_t place, char c) { return text[place] == c; };
    switch (text.size()) {
        case 0:
            return date{};
        case 4:
            return from_texts(text, "", "");
        case 7:
            if (is(4, '-')) return from_texts(text.substr(0, 4), text.substr(5, 2), "");
            if (is(2, '/')) return from_texts(text.substr(3, 4), text.substr(0, 2), "");
            return errc::date_syntax;
        case 8:
            return from_texts(text.substr(4, 4), text.substr(2, 2), text.substr(0, 2));
        case 10:
            if (is(4, '-') && is(7, '-')) return from_texts(text.substr(0, 4), text.substr(5, 2), text.substr(8, 2));
            if (is(2, '/') && is(5, '/')) return from_texts(text.substr(6, 4), text.substr(3, 2), text.substr(0, 2));
            return errc::date_syntax;
        default:
            return errc::date_syntax;
    }
}

result<date> date::from_unix_days(std::int32_t days) noexcept {
    constexpr std::int32_t first = -62'000;  // a little before 1801 and after 2311: from_parts is exact
    constexpr std::int32_t last = 126'000;
    if (days < first || days > last) return errc::date_range;
    const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{days}}};
    return from_parts(int{ymd.year()}, unsigned{ymd.month()}, unsigned{ymd.day()});
}

std::int32_t date::unix_days() const noexcept {
    const std::chrono::year_month_day ymd{std::chrono::year{year()}, std::chrono::month{month()},
                                          std::chrono::day{day()}};
    return static_cast<std::int32_t>(std::chrono::sys_days{ymd}.time_since_epoch().count());
}

std::string date::to_string() const {
    if (packed_ == 0) return {};
    std::string text = std::to_string(year());
    const auto append_two = [&](unsigned value) {
        text += '-';
        text += static_cast<char>('0' + value / 10);
        text += static_cast<char>('0' + value % 10);
    };
    if (month() != 0) append_two(month());
    if (day() != 0) append_two(day());
    return text;
}

}  // namespace xacthuc::inline v0_1
