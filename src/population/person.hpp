// SPDX-License-Identifier: Apache-2.0
// The facts of one made-up person, drawn from what her number says and a stream of random numbers.
#pragma once

#include <cstdint>
#include <xacthuc/domain/citizen.hpp>

#include "population/name_words.hpp"
#include "population/pin_cells.hpp"
#include "population/random_stream.hpp"

namespace xacthuc::inline v0_1 {

struct person {
    citizen facts;     // without the name
    name_words words;  // the name; none when the register does not know it

    [[nodiscard]] bool has_account() const noexcept {
        return facts.level == account_level::level_1 || facts.level == account_level::level_2;
    }
};

// `state` and `kindred` are the person's places in her block (population/shares.hpp).
[[nodiscard]] person make_person(const pin_place& number, std::uint32_t state, std::uint32_t kindred,
                                 random_stream& random) noexcept;

}  // namespace xacthuc::inline v0_1
