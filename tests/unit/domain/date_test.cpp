// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>
#include <xacthuc/domain/date.hpp>

using namespace xacthuc;

namespace {

// Written out again, so that the library's calendar is not judged by itself.
[[nodiscard]] bool leap(int year) {
    return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
}
[[nodiscard]] unsigned month_length(int year, unsigned month) {
    if (month == 2) return leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace

TEST_CASE("exactly the days of the calendar can be dates, years from 1801 to 2311") {
    for (int year = 1798; year <= 2315; ++year)
        for (unsigned month = 0; month <= 16; ++month)
            for (unsigned day = 0; day <= 40; ++day) {
                const bool in_years = year >= 1801 && year <= 2311;
                const bool is_day = month == 0 ? day == 0 : month <= 12 && day <= month_length(year, month);
                const auto made = date::from_parts(year, month, day);
                REQUIRE(made.has_value() == (in_years && is_day));
                if (!made) {
                    REQUIRE(made.error() == errc::date_range);
                    continue;
                }
                REQUIRE(made->year() == year);
                REQUIRE(made->month() == month);
                REQUIRE(made->day() == day);
                REQUIRE(made->packed() < 1U << date::packed_bits);
                REQUIRE(date::from_packed(made->packed()) == *made);
            }
    CHECK(date::from_parts(-5).error() == errc::date_range);
    CHECK(date::from_parts(1'000'000, 1, 1).error() == errc::date_range);
}

TEST_CASE("precision is what is known") {
    CHECK(date{}.known_to() == date::precision::none);
    CHECK(date{}.year() == 0);
    CHECK(date{}.packed() == 0);
    CHECK(date::from_parts(1990).value().known_to() == date::precision::year);
    CHECK(date::from_parts(1990, 7).value().known_to() == date::precision::month);
    CHECK(date::from_parts(1990, 7, 2).value().known_to() == date::precision::day);
}

TEST_CASE("every spelling of a date, at every precision") {
    const auto day = date::from_parts(1995, 8, 3).value();
    const auto month = date::from_parts(1995, 8).value();
    const auto year = date::from_parts(1995).value();
    struct row {
        std::string text;
        date wanted;
    };
    const std::vector<row> rows{{"1995-08-03", day},
                                {"03/08/1995", day},
                                {"03081995", day},
                                {"1995-08", month},
                                {"08/1995", month},
                                {"1995-08-00", month},
                                {"00/08/1995", month},
                                {"00081995", month},
                                {"1995", year},
                                {"1995-00", year},
                                {"00/1995", year},
                                {"1995-00-00", year},
                                {"00/00/1995", year},
                                {"00001995", year},
                                {"", date{}},
                                {"1801", date::from_parts(1801).value()},
                                {"31/12/2311", date::from_parts(2311, 12, 31).value()}};
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto parsed = date::parse(row.text);
        REQUIRE(parsed.has_value());
        CHECK(*parsed == row.wanted);
    }
}

TEST_CASE("what is no date is refused with the reason") {
    for (const std::string text : {"1",           "199",
                                   "19950",       "199508",
                                   "1995-8",      "1995-8-3",
                                   "3/8/1995",    "1995/08/03",
                                   "03-08-1995",  "1995-08-3",
                                   "03/08/95",    "08-1995",
                                   "1995/08",     "0308199x",
                                   "1995-0a-03",  "aaaa",
                                   "19 5",        "+995",
                                   "-995",        " 1995",
                                   "1995-08-03 ", "1995-08-03T00:00",
                                   "\u0661995",   "1995-08/03",
                                   "03.08.1995",  "03/08-1995"}) {
        CAPTURE(text);
        CHECK(date::parse(text).error() == errc::date_syntax);
    }
    for (const std::string text :
         {"1800", "2312", "0000", "9999", "1995-13", "13/1995", "1995-02-30", "30/02/1995", "30021995", "29/02/1900",
          "1995-00-03", "03/00/1995", "1995-04-31", "00000000", "1995-12-32", "19951231"}) {
        CAPTURE(text);
        CHECK(date::parse(text).error() == errc::date_range);
    }
}

TEST_CASE("texts of dates are parsed back") {
    for (int year = 1801; year <= 2311; year += 3) {
        for (unsigned month = 0; month <= 12; ++month) {
            for (unsigned day = 0; day <= (month == 0 ? 0 : 28); day += 7) {
                const auto made = date::from_parts(year, month, day).value();
                REQUIRE(date::parse(made.to_string()).value() == made);
            }
        }
    }
    CHECK(date{}.to_string().empty());
    CHECK(date::from_parts(1995).value().to_string() == "1995");
    CHECK(date::from_parts(1995, 8).value().to_string() == "1995-08");
    CHECK(date::from_parts(1995, 8, 3).value().to_string() == "1995-08-03");
}

TEST_CASE("days are counted one by one, both ways, from the first to the last") {
    std::int32_t days = date::from_parts(1801, 1, 1).value().unix_days();
    CHECK(date::from_unix_days(days - 1).error() == errc::date_range);
    std::optional<date> before;
    for (int year = 1801; year <= 2311; ++year)
        for (unsigned month = 1; month <= 12; ++month)
            for (unsigned day = 1; day <= month_length(year, month); ++day, ++days) {
                const auto made = date::from_parts(year, month, day).value();
                REQUIRE(made.unix_days() == days);
                REQUIRE(date::from_unix_days(days).value() == made);
                if (before) {
                    REQUIRE(*before < made);
                    REQUIRE(before->packed() < made.packed());
                }
                before = made;
            }
    CHECK(date::from_unix_days(days).error() == errc::date_range);
    CHECK(date::from_unix_days(2'147'483'647).error() == errc::date_range);
    CHECK(date::from_unix_days(-2'147'483'647 - 1).error() == errc::date_range);
    CHECK(date::from_parts(1970, 1, 1).value().unix_days() == 0);
    CHECK(date::from_parts(2000, 1, 1).value().unix_days() == 10'957);
}
