// SPDX-License-Identifier: Apache-2.0
#include "population/pin_cells.hpp"

#include <doctest/doctest.h>

#include <set>
#include <xacthuc/domain/province.hpp>

#include "population/population.hpp"
#include "population/random_stream.hpp"

using namespace xacthuc;

TEST_CASE("numbers say what their cell is") {
    const pin_cells cells{5, 107'000'000};
    for (std::uint32_t n = 0; n < 20'000; ++n) {
        const auto place = cells.at(n * 5'350U);
        REQUIRE(place.id.province_code() == pin_provinces()[place.province_row].code);
        REQUIRE(place.id.birth_year_hint() == place.birth_year);
        REQUIRE(place.id.sex_hint() == place.sex);
        REQUIRE(cells.birth_year_at(n * 5'350U) == place.birth_year);
    }
}

TEST_CASE("cells stay below six digits of serials, up to the largest population") {
    CHECK(pin_cells{1, 107'000'000}.largest_cell() < 100'000);
    CHECK(pin_cells{1, 200'000'000}.largest_cell() < 200'000);
    CHECK(pin_cells{1, population::count_max}.largest_cell() <= pin_cells::cell_size_max);
    CHECK(pin_cells{1, population::count_max}.largest_cell() > pin_cells::cell_size_max / 2);
}

TEST_CASE("within a cell every number is another one, and vacant ones are no rank's") {
    const pin_cells cells{5, 107'000'000};
    const auto first = cells.at(60'000'000);
    std::set<personal_id> taken;
    for (std::uint32_t rank = 59'900'000; rank < 60'100'000; ++rank) {
        const auto place = cells.at(rank);
        if (place.province_row == first.province_row && place.birth_year == first.birth_year && place.sex == first.sex)
            REQUIRE(taken.insert(place.id).second);
    }
    CHECK(taken.size() > 1'000);
    for (std::uint64_t n = 0; n < 100'000; ++n) {
        const auto vacant = cells.vacant(60'000'000, mix_bits(n));
        REQUIRE(vacant.value() / 1'000'000 == first.id.value() / 1'000'000);
        REQUIRE_FALSE(taken.contains(vacant));
    }
}
