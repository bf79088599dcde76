// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/province.hpp>

using namespace xacthuc;

TEST_CASE("63 provinces of numbers, 34 of residence, ordered by code, none twice") {
    CHECK(pin_provinces().size() == 63);
    CHECK(provinces().size() == 34);
    CHECK(std::ranges::is_sorted(pin_provinces(), std::ranges::less_equal{}, &pin_province::code));
    CHECK(std::ranges::adjacent_find(pin_provinces(), {}, &pin_province::code) == pin_provinces().end());
    CHECK(std::ranges::adjacent_find(provinces(), std::ranges::greater_equal{}, &province::code) == provinces().end());
    CHECK(pin_provinces().front().code == 1);
    CHECK(pin_provinces().back().code == 96);
}

TEST_CASE("names are found by code, and no name by any other code") {
    std::map<unsigned, std::string_view> pins, homes;
    for (const auto& row : pin_provinces()) pins[row.code] = row.name;
    for (const auto& row : provinces()) homes[row.code] = row.name;
    for (unsigned code = 0; code < 1'100; ++code) {
        CHECK(pin_province_name(code) == pins[code]);
        CHECK(province_name(code) == homes[code]);
    }
    CHECK(pin_province_name(79) == "Hồ Chí Minh");
    CHECK(pin_province_name(77) == "Bà Rịa - Vũng Tàu");
    CHECK(province_name(1) == "Hà Nội");
    CHECK(pin_province_name(~0U).empty());
    CHECK(province_name(~0U).empty());
}

TEST_CASE("seven codes of residence mean another province than the same digits of a number") {
    const std::map<unsigned, std::pair<std::string, std::string>> differ{
        {15, {"Yên Bái", "Lào Cai"}},    {24, {"Bắc Giang", "Bắc Ninh"}}, {44, {"Quảng Bình", "Quảng Trị"}},
        {52, {"Bình Định", "Gia Lai"}},  {80, {"Long An", "Tây Ninh"}},   {82, {"Tiền Giang", "Đồng Tháp"}},
        {91, {"Kiên Giang", "An Giang"}}};
    for (const auto& row : provinces()) {
        CAPTURE(row.code);
        const auto found = differ.find(row.code);
        if (found != differ.end()) {
            CHECK(pin_province_name(row.code) == found->second.first);
            CHECK(row.name == found->second.second);
        } else if (row.code == 46) {
            CHECK(pin_province_name(row.code) == "Thừa Thiên Huế");
            CHECK(row.name == "Huế");
        } else {
            CHECK(pin_province_name(row.code) == row.name);
        }
    }
}

TEST_CASE("six cities, all with residents, codes of two digits") {
    CHECK(std::ranges::count(provinces(), "city", &province::kind) == 6);
    CHECK(std::ranges::count(provinces(), "province", &province::kind) == 28);
    CHECK(std::ranges::all_of(provinces(), [](const province& p) { return p.code <= residence::province_max; }));
    CHECK(std::ranges::all_of(pin_provinces(), [](const pin_province& p) { return p.population_2019_thousand > 300; }));
}
