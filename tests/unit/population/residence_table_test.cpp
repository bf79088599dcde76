// SPDX-License-Identifier: Apache-2.0
#include "population/residence_table.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <xacthuc/domain/province.hpp>

#include "population/shares.hpp"

using namespace xacthuc;

TEST_CASE("the 63 provinces go into the 34 as in 2025") {
    const std::map<std::string, std::set<std::string>> mergers{
        {"Tuyên Quang", {"Hà Giang", "Tuyên Quang"}},
        {"Lào Cai", {"Lào Cai", "Yên Bái"}},
        {"Thái Nguyên", {"Bắc Kạn", "Thái Nguyên"}},
        {"Phú Thọ", {"Hòa Bình", "Vĩnh Phúc", "Phú Thọ"}},
        {"Bắc Ninh", {"Bắc Giang", "Bắc Ninh"}},
        {"Hưng Yên", {"Thái Bình", "Hưng Yên"}},
        {"Hải Phòng", {"Hải Dương", "Hải Phòng"}},
        {"Ninh Bình", {"Hà Nam", "Nam Định", "Ninh Bình"}},
        {"Quảng Trị", {"Quảng Bình", "Quảng Trị"}},
        {"Đà Nẵng", {"Quảng Nam", "Đà Nẵng"}},
        {"Quảng Ngãi", {"Kon Tum", "Quảng Ngãi"}},
        {"Gia Lai", {"Bình Định", "Gia Lai"}},
        {"Khánh Hòa", {"Ninh Thuận", "Khánh Hòa"}},
        {"Lâm Đồng", {"Đắk Nông", "Bình Thuận", "Lâm Đồng"}},
        {"Đắk Lắk", {"Phú Yên", "Đắk Lắk"}},
        {"Hồ Chí Minh", {"Bà Rịa - Vũng Tàu", "Bình Dương", "Hồ Chí Minh"}},
        {"Đồng Nai", {"Bình Phước", "Đồng Nai"}},
        {"Tây Ninh", {"Long An", "Tây Ninh"}},
        {"Cần Thơ", {"Sóc Trăng", "Hậu Giang", "Cần Thơ"}},
        {"Vĩnh Long", {"Bến Tre", "Trà Vinh", "Vĩnh Long"}},
        {"Đồng Tháp", {"Tiền Giang", "Đồng Tháp"}},
        {"Cà Mau", {"Bạc Liêu", "Cà Mau"}},
        {"An Giang", {"Kiên Giang", "An Giang"}},
        {"Huế", {"Thừa Thiên Huế"}}};
    std::map<std::string, std::set<std::string>> found;
    const auto& table = residence_table::instance();
    for (std::uint32_t row = 0; row < pin_provinces().size(); ++row)
        found[std::string{province_name(table.successor(row))}].insert(std::string{pin_provinces()[row].name});
    CHECK(found.size() == 34);
    for (const auto& province : found) {
        CAPTURE(province.first);
        const auto merged = mergers.find(province.first);
        CHECK(province.second == (merged == mergers.end() ? std::set{province.first} : merged->second));
    }
}

TEST_CASE("wards have codes of their own and add up") {
    const auto& table = residence_table::instance();
    std::uint32_t wards = 0, thousands = 0;
    for (const auto& p : provinces()) {
        CHECK(table.wards(p.code) > 1);
        CHECK(table.wards(p.code) < shares::ward_code_step);
        CHECK(p.code * shares::ward_code_step + table.wards(p.code) <= residence::ward_max);
        wards += table.wards(p.code);
        thousands += table.population_thousand(p.code);
    }
    CHECK(wards >= shares::wards_total);
    CHECK(wards <= shares::wards_total + 34);
    CHECK(thousands == 96'208);
}

TEST_CASE("another ward is another ward of the same province") {
    const auto& table = residence_table::instance();
    random_stream random{1, 1};
    for (int n = 0; n < 10'000; ++n) {
        const auto home = table.anywhere(random);
        const auto other = table.other_ward(home, random);
        REQUIRE(other != home.ward);
        REQUIRE(home.ward > home.province * shares::ward_code_step);
        REQUIRE(other > home.province * shares::ward_code_step);
        REQUIRE(other <= home.province * shares::ward_code_step + table.wards(home.province));
    }
}
