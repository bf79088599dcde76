// SPDX-License-Identifier: Apache-2.0
// Where people live: the 63 provinces of personal ids mapped to the 34 of 2025, their weights, and made-up ward codes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>
#include <xacthuc/domain/citizen.hpp>

#include "population/random_stream.hpp"

namespace xacthuc::inline v0_1 {

// Concurrency: immutable; wait-free. One for the whole process.
class residence_table {
  public:
    [[nodiscard]] static const residence_table& instance();

    // The code of 2025 for a row of pin_provinces().
    [[nodiscard]] std::uint32_t successor(std::uint32_t pin_province_row) const noexcept {
        return provinces_[rows_[pin_province_row]].code;
    }
    // Some ward of the province of 2025 that took the one of a row of pin_provinces() in.
    [[nodiscard]] residence in_successor(std::uint32_t pin_province_row, random_stream& random) const noexcept {
        return in_row(rows_[pin_province_row], random);
    }
    // Anywhere, by population.
    [[nodiscard]] residence anywhere(random_stream& random) const noexcept {
        return in_row(slots_[random.below(slots_.size())], random);
    }
    // Another ward of the same province. Requires: both parts of `of` came from here.
    [[nodiscard]] std::uint32_t other_ward(const residence& of, random_stream& random) const noexcept;

    // Thousands of people, and wards, of the province with that code.
    [[nodiscard]] std::uint32_t population_thousand(std::uint32_t code) const noexcept;
    [[nodiscard]] std::uint32_t wards(std::uint32_t code) const noexcept;

  private:
    struct place {
        std::uint32_t code = 0;
        std::uint32_t population_thousand = 0;
        std::uint32_t wards = 0;
    };

    residence_table();
    [[nodiscard]] residence in_row(std::size_t row, random_stream& random) const noexcept;
    [[nodiscard]] const place& with_code(std::uint32_t code) const noexcept;

    std::vector<std::uint8_t> rows_;  // of provinces(), by row of pin_provinces()
    std::vector<place> provinces_;    // by row of provinces()
    std::array<std::uint8_t, 4096> slots_{};
};

}  // namespace xacthuc::inline v0_1
