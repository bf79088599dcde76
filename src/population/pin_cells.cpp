// SPDX-License-Identifier: Apache-2.0
#include "population/pin_cells.hpp"

#include <algorithm>
#include <array>
#include <xacthuc/domain/province.hpp>

#include "population/random_stream.hpp"
#include "population/shares.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::uint32_t sexes = 2;
constexpr std::uint32_t cells_per_province = static_cast<std::uint32_t>(shares::birth_years) * sexes;
constexpr std::uint32_t serials = 1'000'000;

__extension__ using wide = unsigned __int128;

struct cell_facts {
    std::uint32_t province_row;
    int birth_year;
    sex of;
};

[[nodiscard]] constexpr cell_facts facts_of(std::uint32_t cell) noexcept {
    const auto rest = cell % cells_per_province;
    return {cell / cells_per_province, shares::birth_year_first + static_cast<int>(rest / sexes),
            rest % sexes == 0 ? sex::male : sex::female};
}

[[nodiscard]] std::uint64_t weight_of(std::uint32_t cell) noexcept {
    const auto facts = facts_of(cell);
    const auto age = static_cast<std::size_t>(shares::year_today - facts.birth_year);
    const auto& group = shares::age_pyramid[age / shares::age_group_years];
    return std::uint64_t{pin_provinces()[facts.province_row].population_2019_thousand} *
           (facts.of == sex::male ? group.male_thousand : group.female_thousand);
}

}  // namespace

pin_cells::pin_cells(std::uint64_t seed, std::uint64_t count) : seed_{seed} {
    const auto cells = static_cast<std::uint32_t>(pin_provinces().size()) * cells_per_province;
    std::uint64_t total = 0;
    for (std::uint32_t cell = 0; cell < cells; ++cell) total += weight_of(cell);
    starts_.reserve(cells + 1);
    std::uint64_t before = 0;
    for (std::uint32_t cell = 0; cell <= cells; ++cell) {
        starts_.push_back(static_cast<std::uint32_t>(wide{count} * before / total));
        if (cell < cells) before += weight_of(cell);
    }
    for (std::uint32_t cell = 0; cell < cells; ++cell) largest_ = std::max(largest_, starts_[cell + 1] - starts_[cell]);
    constexpr std::uint64_t guide_size_max = 1U << 14;
    while ((count >> guide_shift_) >= guide_size_max) ++guide_shift_;
    std::uint16_t cell = 0;
    for (std::uint64_t rank = 0; rank < count; rank += std::uint64_t{1} << guide_shift_) {
        while (starts_[cell + 1U] <= rank) ++cell;
        guide_.push_back(cell);
    }
}

std::uint32_t pin_cells::cell_of(std::uint32_t rank) const noexcept {
    std::uint32_t cell = guide_[rank >> guide_shift_];
    while (starts_[cell + 1] <= rank) ++cell;
    return cell;
}

personal_id pin_cells::id_in(std::uint32_t cell, std::uint32_t rank_in_cell) const noexcept {
    const auto facts = facts_of(cell);
    // Serials are handed out at random in reality; here by a step prime to 10^6, other in every cell, so that no two
    // ranks meet.
    static constexpr std::array<std::uint32_t, 4> ends{1, 3, 7, 9};
    const auto bits = mix_bits(seed_, cell);
    const auto step = static_cast<std::uint32_t>(bits % (serials / 10)) * 10 + ends[bits >> 62];
    const auto offset = static_cast<std::uint32_t>(bits >> 32) % serials;
    const auto serial = (std::uint64_t{rank_in_cell} * step + offset) % serials;
    const auto century = static_cast<std::uint64_t>((facts.birth_year - 1900) / 100) * 2 + (facts.of == sex::female);
    const auto year = static_cast<std::uint64_t>(facts.birth_year % 100);
    return personal_id::from_trusted(
        ((pin_provinces()[facts.province_row].code * std::uint64_t{10} + century) * 100 + year) * serials + serial);
}

pin_place pin_cells::at(std::uint32_t rank) const noexcept {
    const auto cell = cell_of(rank);
    const auto facts = facts_of(cell);
    return {id_in(cell, rank - starts_[cell]), facts.province_row, facts.birth_year, facts.of};
}

int pin_cells::birth_year_at(std::uint32_t rank) const noexcept {
    return facts_of(cell_of(rank)).birth_year;
}

personal_id pin_cells::vacant(std::uint32_t rank, std::uint64_t random) const noexcept {
    const auto cell = cell_of(rank);
    const auto taken = starts_[cell + 1] - starts_[cell];
    return id_in(cell, taken + static_cast<std::uint32_t>(scale_bits(random, serials - taken)));
}

}  // namespace xacthuc::inline v0_1
