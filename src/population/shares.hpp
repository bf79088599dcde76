// SPDX-License-Identifier: Apache-2.0
// Every share and rate of the synthetic population, with where it comes from. "Assumption" means that no public figure
// was used: the number only has to make each case occur about as often as one would expect.
#pragma once

#include <array>
#include <cstdint>

namespace xacthuc::inline v0_1::shares {

// The day on which the population is what it is.
inline constexpr int year_today = 2025;  // 2025-12-31

// Thousands of entries by age at the end of 2025, in groups of five years from 0 to 4 up to 105 to 109. Source: our own
// rounding, shaped after the age pyramids published for 2019 to 2024 (bulges at 35 to 39 and 10 to 14, 52 % of births
// boys, women outliving men); not official figures.
struct age_group {
    std::uint32_t male_thousand;
    std::uint32_t female_thousand;
};
inline constexpr int age_group_years = 5;
inline constexpr std::array<age_group, 22> age_pyramid{
    {{3700, 3340}, {4050, 3640}, {4180, 3790}, {3850, 3560}, {3560, 3350}, {3620, 3480}, {4190, 4080}, {4460, 4370},
     {4120, 4070}, {3640, 3640}, {3240, 3330}, {2830, 3060}, {2420, 2810}, {1960, 2430}, {1330, 1780}, {700, 1060},
     {400, 720},   {260, 520},   {120, 300},   {40, 120},    {8, 30},      {1, 4}}};
inline constexpr int birth_year_first = year_today + 1 - age_group_years * static_cast<int>(age_pyramid.size());
inline constexpr int birth_years = age_group_years * static_cast<int>(age_pyramid.size());

// The rare states are dealt out in blocks of 4,096 citizens, one citizen a place, so that each block has the same
// number of them and one who has a given state can be found at once. Places are shuffled from block to block.
// Assumptions.
struct places {
    std::uint32_t first;
    std::uint32_t count;

    [[nodiscard]] constexpr bool contains(std::uint32_t place) const noexcept { return place - first < count; }
    [[nodiscard]] constexpr std::uint32_t end() const noexcept { return first + count; }
};
inline constexpr std::uint32_t block_size = 4096;
inline constexpr places superseded{0, 4};                                         // 0.10 %
inline constexpr places declared_missing{superseded.end(), 1};                    // 0.02 %
inline constexpr places registration_suspended{declared_missing.end(), 2};        // 0.05 %
inline constexpr places registration_cancelled{registration_suspended.end(), 6};  // 0.15 %
inline constexpr places account_locked{registration_cancelled.end(), 24};         // 0.6 %, of those with an account
inline constexpr places account_revoked{account_locked.end(), 4};                 // 0.1 %, of those with an account
inline constexpr places name_unknown{account_revoked.end(), 1};
inline constexpr places birth_unknown{name_unknown.end(), 1};
inline constexpr places sex_unknown{birth_unknown.end(), 1};
inline constexpr places life_unknown{sex_unknown.end(), 2};
inline constexpr places registration_unknown{life_unknown.end(), 2};
inline constexpr places residence_unknown{registration_unknown.end(), 8};  // 0.2 %
inline constexpr places ward_unknown{residence_unknown.end(), 4};          // 0.1 %
inline constexpr places document_unknown{ward_unknown.end(), 8};           // 0.2 %
inline constexpr places level_unknown{document_unknown.end(), 8};          // 0.2 %
inline constexpr places sex_other{level_unknown.end(), 1};                 // 0.02 %
inline constexpr places number_year_differs{sex_other.end(), 20};          // 0.5 %: a corrected birth year
inline constexpr places number_sex_differs{number_year_differs.end(), 4};  // 0.1 %: a corrected sex
// All whose register entry has a gap that is not there for everybody of their kind.
inline constexpr places any_gap{name_unknown.first, level_unknown.end() - name_unknown.first};
// Dealt out apart from the above. Source: assumption, so that apostrophes and hyphens are met often; about 15 % of
// citizens belong to a minority, but most of them bear names of the Vietnamese pattern.
inline constexpr places minority_name{0, 41};  // 1.0 %

// From here on: parts of 100,000.

// Marked as deceased, by age; overall 1.8 %. Assumption: a register of numbers that began to count in 2021 keeps the
// entries of those who have died since.
[[nodiscard]] constexpr std::uint32_t deceased(int age) noexcept {
    if (age < 40) return 200;
    if (age < 60) return 800;
    if (age < 70) return 3'000;
    if (age < 80) return 9'000;
    return age < 90 ? 25'000 : 55'000;
}

// Birth dates known to the year only, and to the month only. Source: assumption; older papers say 00/00/yyyy.
[[nodiscard]] constexpr std::uint32_t birth_year_only(int birth_year) noexcept {
    if (birth_year < 1950) return 25'000;
    if (birth_year < 1965) return 8'000;
    return birth_year < 1980 ? 1'500 : 0;
}
[[nodiscard]] constexpr std::uint32_t birth_month_only(int birth_year) noexcept {
    return birth_year_only(birth_year) / 5;
}
// Entered as the first of January for want of knowledge, before 1980. Assumption.
inline constexpr std::uint32_t birth_first_of_january = 4'000;

// Residing in the province of birth registration; the others are spread over all by population. Source: assumption,
// near the census of 2019, which counts 6.4 million who moved between provinces in five years.
inline constexpr std::uint32_t stayed = 87'000;

// Source: 67 million digital accounts for 107 million entries. The rates of the young and the old are assumptions; the
// rate of the ages between is solved from the total (population/person.cpp).
inline constexpr std::uint32_t accounts_of_107 = 67;
inline constexpr int account_age_min = 6;
inline constexpr std::uint32_t account_child = 10'000;    // 6 to 13
inline constexpr std::uint32_t account_older = 55'000;    // 60 to 79
inline constexpr std::uint32_t account_oldest = 15'000;   // 80 and above
inline constexpr std::uint32_t account_level_2 = 88'000;  // of accounts; the others are of level 1. Assumption.

// Identity cards. Source of the ages: Law on Identification 26/2023/QH15, articles 19 and 21: a card is due at 14 and
// is renewed at 25, 40 and 60; one issued in the two years before holds until the next of these ages; from 60 it has no
// expiry; children may have one, until 14. The rates are assumptions.
inline constexpr std::array<int, 4> card_ages{14, 25, 40, 60};
inline constexpr int card_early_years = 2;
inline constexpr std::uint32_t card_early = 30'000;  // of those within two years before an age of renewal
inline constexpr std::uint32_t card_not_renewed =
    15'000;                                          // of those in the year after an age of renewal: still the old
inline constexpr std::uint32_t card_infant = 5'000;  // below 6
inline constexpr std::uint32_t card_child = 25'000;  // 6 to 13
inline constexpr std::uint32_t card_adult = 98'500;  // 14 and above
inline constexpr std::uint32_t card_lost = 500;
inline constexpr std::uint32_t card_damaged = 300;
inline constexpr std::uint32_t card_replaced = 100;
inline constexpr std::uint32_t card_revoked = 100;
inline constexpr std::uint32_t card_held = 100;

// Of names with oa, oe or uy at the end of a syllable: the share that the register spells with the tone on the second
// letter (hoà, thuý). Assumption.
inline constexpr std::uint32_t tone_on_second = 40'000;

// 3,321 communes, wards and special zones since 2025-07-01. Their codes here are made up: 500 × the province's code and
// a running number, as many as its share of the population.
inline constexpr std::uint32_t wards_total = 3'321;
inline constexpr std::uint32_t ward_code_step = 500;

}  // namespace xacthuc::inline v0_1::shares
