// SPDX-License-Identifier: Apache-2.0
// One request in the making: each step puts a claim in and notes what the register must say to it, from what the step
// knows that it did.
#pragma once

#include <cstdint>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/verdict.hpp>

#include "population/person.hpp"
#include "population/population.hpp"
#include "population/random_stream.hpp"

namespace xacthuc::inline v0_1 {

// A "right" claim about something that the register does not know is made up and unavailable; so is a "wrong" one.
class planting {
  public:
    // Requires: all three outlive this. Names are written into `text`.
    planting(const person& holder, random_stream& random, name_text& text) noexcept
        : holder_{holder}, random_{random}, text_{text} {}

    void name(spelling how = spelling::plain, spacing between = spacing::single, bool exact_demanded = false) noexcept;
    void wrong_name() noexcept;

    void birth_date() noexcept;
    void birth_date_cut_to(date::precision precision) noexcept;  // no finer than the register's
    void birth_date_finer() noexcept;                            // where the register leaves room for that
    void wrong_birth_date() noexcept;
    void born_on_or_before() noexcept;
    void wrong_born_on_or_before() noexcept;
    void undecided_born_on_or_before() noexcept;  // right where the register knows the day

    void sex(bool right = true) noexcept;
    void life(bool right = true) noexcept;
    void registration(bool right = true) noexcept;
    void account_level(bool right = true) noexcept;
    void account_level_at_least(bool right = true) noexcept;  // never wrong of the highest level
    void account(bool right = true) noexcept;
    void document(bool right = true) noexcept;
    void document_valid_on(bool right = true) noexcept;  // as the card's state and expiry allow
    void province(bool right = true) noexcept;
    void ward(bool right = true) noexcept;

    [[nodiscard]] claim_set& claims() noexcept { return claims_; }
    // What the register must answer when it has the holder under the claimed number, and when it has not.
    [[nodiscard]] verdict settled() const noexcept;
    [[nodiscard]] verdict not_found() const noexcept;

  private:
    void note(claim kind, bool known, bool right) noexcept;
    void made_up_name(bool exact_demanded) noexcept;
    void claim_name(const name_words& words, spelling how, spacing between, bool exact_demanded) noexcept;
    void claim_birth_date(date claimed, bool right) noexcept;
    void claim_born_on_or_before(std::int32_t unix_days, bool known, bool right) noexcept;
    void claim_valid_on(std::int32_t unix_days) noexcept;
    [[nodiscard]] date some_day_of(int year) noexcept;
    template <class Enum>
    [[nodiscard]] Enum code(claim kind, Enum fact, std::uint32_t code_max, bool right) noexcept;
    [[nodiscard]] outcome outcome_of_masks() const noexcept;

    const person& holder_;
    random_stream& random_;
    name_text& text_;
    claim_set claims_;
    claim_mask matched_ = 0;
    claim_mask mismatched_ = 0;
    claim_mask unavailable_ = 0;
    name_grade grade_ = name_grade::none;
    bool coarse_ = false;
    bool claim_coarse_ = false;
};

}  // namespace xacthuc::inline v0_1
