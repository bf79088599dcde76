// SPDX-License-Identifier: Apache-2.0
#include "population/population.hpp"

#include <cassert>

#include "population/shares.hpp"

namespace xacthuc::inline v0_1 {
namespace {

// One use of the seed each, so that no two uses share their numbers.
enum class use : std::uint64_t { order = 1, numbers, facts, states, kindred, vacant };

[[nodiscard]] constexpr std::uint64_t seed_for(std::uint64_t seed, use what) noexcept {
    return mix_bits(seed, static_cast<std::uint64_t>(what));
}

[[nodiscard]] std::uint32_t turn_of(std::uint64_t block, std::uint64_t seed, use what) noexcept {
    return static_cast<std::uint32_t>(mix_bits(seed_for(seed, what), block) % shares::block_size);
}

}  // namespace

result<population> population::create(std::uint64_t seed, std::uint64_t count) {
    if (count == 0 || count > count_max) return errc::code_range;
    return population{seed, count};
}

population::population(std::uint64_t seed, std::uint64_t count)
    : seed_{seed},
      count_{count},
      order_{seed_for(seed, use::order), count},
      cells_{seed_for(seed, use::numbers), count} {
    assert(cells_.largest_cell() <= pin_cells::cell_size_max);
}

std::uint32_t population::state_place(std::uint64_t i) const noexcept {
    return static_cast<std::uint32_t>(i + turn_of(i / shares::block_size, seed_, use::states)) % shares::block_size;
}

std::uint32_t population::kindred_place(std::uint64_t i) const noexcept {
    return static_cast<std::uint32_t>(i + turn_of(i / shares::block_size, seed_, use::kindred)) % shares::block_size;
}

std::uint64_t population::with_state_place(std::uint64_t block, std::uint32_t place) const noexcept {
    return block * shares::block_size + (place - turn_of(block, seed_, use::states)) % shares::block_size;
}

std::uint64_t population::with_kindred_place(std::uint64_t block, std::uint32_t place) const noexcept {
    return block * shares::block_size + (place - turn_of(block, seed_, use::kindred)) % shares::block_size;
}

person population::facts_of(std::uint64_t i) const noexcept {
    random_stream random{seed_for(seed_, use::facts), i};
    return make_person(cells_.at(order_(static_cast<std::uint32_t>(i))), state_place(i), kindred_place(i), random);
}

person population::person_at(std::uint64_t i) const noexcept {
    assert(i < count_);
    const auto place = state_place(i);
    if (!shares::superseded.contains(place)) return facts_of(i);
    // The old number of somebody in the same block, or of nobody where a small population has no such person.
    constexpr std::uint32_t ordinary_place = shares::block_size / 2;
    const auto other = with_state_place(i / shares::block_size, ordinary_place + place);
    auto old = facts_of(other < count_ ? other : i);
    old.facts.id = cells_.at(order_(static_cast<std::uint32_t>(i))).id;
    old.facts.superseded = true;
    return old;
}

citizen population::citizen_at(std::uint64_t i, name_text& text) const noexcept {
    auto made = person_at(i);
    made.facts.name = {text.data(),
                       name_table::instance().write(made.words, spelling::plain, spacing::single, text.data())};
    return made.facts;
}

void population::fill_records(std::uint64_t first, std::span<record> into, const digest_key& key) const noexcept {
    name_text text;
    for (auto& r : into) r = make_record(citizen_at(first++, text), key).value();
}

int population::number_year_at(std::uint64_t i) const noexcept {
    return cells_.birth_year_at(order_(static_cast<std::uint32_t>(i)));
}

personal_id population::unknown_id(std::uint64_t random) const noexcept {
    random_stream draw{seed_for(seed_, use::vacant), random};
    const auto rank = draw.below(count_);
    return cells_.vacant(rank, draw.next());
}

}  // namespace xacthuc::inline v0_1
