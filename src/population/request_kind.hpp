// SPDX-License-Identifier: Apache-2.0
// The kinds of planted request and the share of each.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace xacthuc::inline v0_1 {

enum class request_kind : std::uint8_t {
    right_basic,         // name, birth date, sex, life status
    right_residence,     // and province and ward of residence
    right_document,      // and the card's status, and that it is valid on a day
    right_age,           // name and born on or before a day
    right_account,       // name, birth date, account level at least, account status
    right_everything,    // every claim that goes with the others
    right_registration,  // name, registration, account level
    anyone,              // right_basic of just anybody: dead, locked and incomplete entries as they come
    other_tone_placement,
    decomposed,
    lower_case,
    upper_case,
    odd_spacing,
    minority_typographic,  // minority names, typographic apostrophes and hyphens
    undiacritised,
    toneless,
    exact_demanded,                // and given
    exact_demanded_undiacritised,  // and not given
    year_only,
    year_and_month,
    finer_than_register,
    wrong_name,
    wrong_birth_date,
    wrong_sex,
    wrong_life,
    wrong_registration,
    wrong_account_level,
    wrong_account,
    wrong_document,
    wrong_province,
    wrong_ward,
    wrong_document_valid_on,
    wrong_born_on_or_before,
    wrong_account_level_at_least,
    two_wrong,
    age_undecided,  // born on or before a day inside the only year that the register knows
    unknown_number,
    deceased_holder,
    missing_holder,
    registration_not_active,
    locked_holder,
    superseded_number,
    no_data,                // claims what the register does not know
    wrong_name_of_the_dead  // the mismatch, not the state of the record, must be told
};
inline constexpr std::size_t request_kind_count = 44;

struct request_share {
    request_kind kind;
    std::string_view word;           // stable, used in files and reports
    std::uint32_t per_ten_thousand;  // of all requests
};

// By kind; the shares sum to 10,000. Source: assumptions; no agency publishes such figures.
inline constexpr std::array<request_share, request_kind_count> request_shares{{
    {request_kind::right_basic, "right_basic", 3910},
    {request_kind::right_residence, "right_residence", 800},
    {request_kind::right_document, "right_document", 600},
    {request_kind::right_age, "right_age", 400},
    {request_kind::right_account, "right_account", 400},
    {request_kind::right_everything, "right_everything", 200},
    {request_kind::right_registration, "right_registration", 100},
    {request_kind::anyone, "anyone", 500},
    {request_kind::other_tone_placement, "other_tone_placement", 150},
    {request_kind::decomposed, "decomposed", 250},
    {request_kind::lower_case, "lower_case", 150},
    {request_kind::upper_case, "upper_case", 250},
    {request_kind::odd_spacing, "odd_spacing", 100},
    {request_kind::minority_typographic, "minority_typographic", 50},
    {request_kind::undiacritised, "undiacritised", 400},
    {request_kind::toneless, "toneless", 60},
    {request_kind::exact_demanded, "exact_demanded", 80},
    {request_kind::exact_demanded_undiacritised, "exact_demanded_undiacritised", 60},
    {request_kind::year_only, "year_only", 100},
    {request_kind::year_and_month, "year_and_month", 30},
    {request_kind::finer_than_register, "finer_than_register", 40},
    {request_kind::wrong_name, "wrong_name", 200},
    {request_kind::wrong_birth_date, "wrong_birth_date", 200},
    {request_kind::wrong_sex, "wrong_sex", 60},
    {request_kind::wrong_life, "wrong_life", 20},
    {request_kind::wrong_registration, "wrong_registration", 20},
    {request_kind::wrong_account_level, "wrong_account_level", 30},
    {request_kind::wrong_account, "wrong_account", 30},
    {request_kind::wrong_document, "wrong_document", 30},
    {request_kind::wrong_province, "wrong_province", 60},
    {request_kind::wrong_ward, "wrong_ward", 60},
    {request_kind::wrong_document_valid_on, "wrong_document_valid_on", 30},
    {request_kind::wrong_born_on_or_before, "wrong_born_on_or_before", 40},
    {request_kind::wrong_account_level_at_least, "wrong_account_level_at_least", 30},
    {request_kind::two_wrong, "two_wrong", 50},
    {request_kind::age_undecided, "age_undecided", 20},
    {request_kind::unknown_number, "unknown_number", 150},
    {request_kind::deceased_holder, "deceased_holder", 80},
    {request_kind::missing_holder, "missing_holder", 20},
    {request_kind::registration_not_active, "registration_not_active", 30},
    {request_kind::locked_holder, "locked_holder", 60},
    {request_kind::superseded_number, "superseded_number", 40},
    {request_kind::no_data, "no_data", 80},
    {request_kind::wrong_name_of_the_dead, "wrong_name_of_the_dead", 30},
}};

[[nodiscard]] constexpr std::string_view to_string(request_kind kind) noexcept {
    return request_shares[static_cast<std::size_t>(kind)].word;
}

}  // namespace xacthuc::inline v0_1
