// SPDX-License-Identifier: Apache-2.0
// Personal ids by rank: the nation is cut into cells (province of birth registration, birth year, sex), each with as
// many numbers as its share of the population, and every rank is one number of one cell, so that numbers never repeat.
#pragma once

#include <cstdint>
#include <vector>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/status.hpp>

namespace xacthuc::inline v0_1 {

// One person's place in the nation by her number.
struct pin_place {
    personal_id id;
    std::uint32_t province_row = 0;  // in pin_provinces()
    int birth_year = 0;
    xacthuc::sex sex = sex::unknown;
};

class pin_cells {
  public:
    // A cell never fills all serials, so that there are numbers that nobody has.
    static constexpr std::uint32_t cell_size_max = 900'000;

    pin_cells(std::uint64_t seed, std::uint64_t count);

    [[nodiscard]] std::uint32_t largest_cell() const noexcept { return largest_; }
    // Requires: rank < count, largest_cell() <= cell_size_max. Complexity: constant on average, two cache lines.
    [[nodiscard]] pin_place at(std::uint32_t rank) const noexcept;
    // The same without the number.
    [[nodiscard]] int birth_year_at(std::uint32_t rank) const noexcept;
    // A number of some cell that no rank has; the cell's share of them is its share of the population.
    [[nodiscard]] personal_id vacant(std::uint32_t rank, std::uint64_t random) const noexcept;

  private:
    [[nodiscard]] std::uint32_t cell_of(std::uint32_t rank) const noexcept;
    [[nodiscard]] personal_id id_in(std::uint32_t cell, std::uint32_t rank_in_cell) const noexcept;

    std::uint64_t seed_;
    std::uint32_t largest_ = 0;
    unsigned guide_shift_ = 0;
    std::vector<std::uint32_t> starts_;  // first rank of each cell, and the count at the end
    std::vector<std::uint16_t> guide_;   // the cell of every 2^guide_shift_-th rank
};

}  // namespace xacthuc::inline v0_1
