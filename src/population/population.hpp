// SPDX-License-Identifier: Apache-2.0
// A synthetic nation: citizen i of n is a pure function of (seed, n, i), so that any thread can make any of them at any
// time and nothing of size n is held. Every share is a constant in population/shares.hpp; docs/population.md lists
// them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/record.hpp>

#include "population/permutation.hpp"
#include "population/person.hpp"
#include "population/pin_cells.hpp"

namespace xacthuc::inline v0_1 {

// Room for one name as the population spells it, in the register or in a request.
using name_text = std::array<char, name_bytes_max>;

// Concurrency: immutable after create(); every member function is wait-free and may run on any thread.
class population {
  public:
    // So that the largest cell of numbers stays below pin_cells::cell_size_max.
    static constexpr std::uint64_t count_max = 1'000'000'000;

    // Complexity: about a millisecond and 100 KB, whatever the count.
    // Errors: code_range when count is 0 or above count_max.
    [[nodiscard]] static result<population> create(std::uint64_t seed, std::uint64_t count);

    [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
    // Register entries, superseded numbers included.
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    // The facts of citizen i; her name is written into `text`, in NFC, and must not outlive it. Every id differs.
    // Requires: i < count(). Complexity: about 0.15 µs; allocates nothing.
    [[nodiscard]] citizen citizen_at(std::uint64_t i, name_text& text) const noexcept;

    // The records of citizens first to first + into.size() - 1, as make_record() makes them.
    // Requires: first + into.size() <= count().
    void fill_records(std::uint64_t first, std::span<record> into, const digest_key& key) const noexcept;

    // The same facts with the name still in pieces, for those who spell it in other ways.
    // Requires: i < count().
    [[nodiscard]] person person_at(std::uint64_t i) const noexcept;
    // The birth year in the digits of citizen i's number. Requires: i < count().
    [[nodiscard]] int number_year_at(std::uint64_t i) const noexcept;
    // The place of citizen i in her block, for rare states and for minority names, and who has such a place (perhaps
    // nobody: an index of count() or more). See population/shares.hpp. Requires: i < count(), place < block_size.
    [[nodiscard]] std::uint32_t state_place(std::uint64_t i) const noexcept;
    [[nodiscard]] std::uint32_t kindred_place(std::uint64_t i) const noexcept;
    [[nodiscard]] std::uint64_t with_state_place(std::uint64_t block, std::uint32_t place) const noexcept;
    [[nodiscard]] std::uint64_t with_kindred_place(std::uint64_t block, std::uint32_t place) const noexcept;
    // Some number that nobody in this population has, of a form that somebody could have.
    [[nodiscard]] personal_id unknown_id(std::uint64_t random) const noexcept;

  private:
    population(std::uint64_t seed, std::uint64_t count);

    [[nodiscard]] person facts_of(std::uint64_t i) const noexcept;

    std::uint64_t seed_;
    std::uint64_t count_;
    permutation order_;
    pin_cells cells_;
};

}  // namespace xacthuc::inline v0_1
