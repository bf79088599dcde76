// SPDX-License-Identifier: Apache-2.0
// Counts of a register: right against a count in plain text, and small ones not told.
#include <doctest/doctest.h>

#include <array>
#include <map>
#include <string>
#include <vector>
#include <xacthuc/engine/tally.hpp>

#include "unit/engine/small_nation.hpp"

using namespace xacthuc;
using namespace xacthuc::tests;

namespace {

using dimension = tally_dimension;
constexpr std::uint64_t people = 30'000;

[[nodiscard]] small_nation& nation() {
    static small_nation made{people};
    return made;
}

// The same by going through the population in plain text. The index is of 2026-11-18 (small_nation.hpp).
[[nodiscard]] std::map<std::vector<std::string>, std::uint64_t> counted_in_text() {
    std::map<std::vector<std::string>, std::uint64_t> counts;
    name_text text;
    for (std::uint64_t i = 0; i < people; ++i) {
        const auto who = nation().people().citizen_at(i, text);
        if (who.superseded) continue;
        const auto age = 2026 - who.birth.year();
        const auto decade = std::to_string(age / 10 * 10) + "-" + std::to_string(age / 10 * 10 + 9);
        const auto band = who.birth.year() == 0 ? "" : age >= 100 ? "100+" : decade;
        const auto province = std::to_string(100 + who.residence.province).substr(1);
        ++counts[{who.residence.province == 0 ? "" : province, std::string{to_string(who.sex)}, band}];
    }
    return counts;
}

[[nodiscard]] std::vector<std::string> texts_of(const std::vector<dimension>& dimensions, const tally_cell& cell) {
    std::vector<std::string> made;
    for (std::size_t i = 0; i < dimensions.size(); ++i) made.push_back(to_text(dimensions[i], cell.values[i]));
    return made;
}

}  // namespace

TEST_CASE("counts are those of the plain text, rounded, and none of fewer than ten is told") {
    const std::vector dimensions{dimension::province, dimension::sex, dimension::age_band};
    const auto expected = counted_in_text();
    for (const unsigned threads : {1U, 3U}) {
        tally_options how;
        how.threads = threads;
        const auto cells = count_by(nation().index(), dimensions, how).value();
        std::size_t told = 0;
        std::size_t nonzero = 0;
        for (const auto& cell : cells) {
            const auto found = expected.find(texts_of(dimensions, cell));
            const auto count = found == expected.end() ? 0 : found->second;
            nonzero += count != 0 ? 1 : 0;
            told += cell.count ? 1 : 0;
            CHECK(cell.count.has_value() == (count >= 10));
            if (cell.count) CHECK(*cell.count == (count + 2) / 5 * 5);
        }
        CHECK(nonzero == expected.size());
        CHECK(told > 100);
        CHECK(told < nonzero);
        CHECK(cells.size() > nonzero);  // a cell of nobody is listed like a small one
    }
}

TEST_CASE("with no rounding and no least count, counts add up to the register") {
    tally_options how;
    how.count_min = 1;
    how.round_to = 1;
    std::uint64_t sum = 0;
    for (const auto& cell : count_by(nation().index(), std::array{dimension::ward, dimension::life}, how).value())
        sum += cell.count.value_or(0);
    std::uint64_t superseded = 0;
    name_text text;
    for (std::uint64_t i = 0; i < people; ++i) superseded += nation().people().citizen_at(i, text).superseded ? 1 : 0;
    CHECK(superseded > 0);
    CHECK(sum == people - superseded);
}

TEST_CASE("a ward is listed with the provinces it occurs in, not with all") {
    const auto wards = count_by(nation().index(), std::array{dimension::ward}).value();
    const auto pairs = count_by(nation().index(), std::array{dimension::province, dimension::ward}).value();
    CHECK(wards.size() > 1000);
    CHECK(pairs.size() < wards.size() + 100);
}

TEST_CASE("the total less the cells that are told does not give away the one that is not") {
    // In every province, the few of sex `other` must stay hidden behind the rounding of the others.
    const auto totals = count_by(nation().index(), std::array{dimension::province}).value();
    const std::array dimensions{dimension::province, dimension::sex};
    std::size_t differences_that_lie = 0;
    std::map<std::uint32_t, std::int64_t> rest;
    for (const auto& cell : totals) rest[cell.values[0]] = static_cast<std::int64_t>(cell.count.value_or(0));
    tally_options exact;
    exact.count_min = exact.round_to = 1;
    std::map<std::uint32_t, std::int64_t> hidden;
    for (const auto& cell : count_by(nation().index(), dimensions, exact).value())
        if (cell.count.value_or(0) < 10) hidden[cell.values[0]] += static_cast<std::int64_t>(cell.count.value_or(0));
    for (const auto& cell : count_by(nation().index(), dimensions).value())
        rest[cell.values[0]] -= static_cast<std::int64_t>(cell.count.value_or(0));
    for (const auto& [province, left] : rest) differences_that_lie += left != hidden[province] ? 1 : 0;
    CHECK(differences_that_lie > rest.size() / 2);
}

TEST_CASE("a count that makes no sense is refused") {
    const auto& index = nation().index();
    CHECK(count_by(index, {}).error().code == errc::code_range);
    CHECK(count_by(index, std::array{dimension::sex, dimension::sex}).error().code == errc::code_range);
    tally_options how;
    how.round_to = 0;
    CHECK(count_by(index, std::array{dimension::sex}, how).error().code == errc::code_range);
    const std::array many{dimension::ward,         dimension::sex,           dimension::age_band, dimension::life,
                          dimension::registration, dimension::account_level, dimension::account};
    CHECK(count_by(index, many).error().code == errc::code_range);
}
