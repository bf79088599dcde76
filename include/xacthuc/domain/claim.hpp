// SPDX-License-Identifier: Apache-2.0
// What a request can state about a citizen: the kinds of claim, sets of them, and a request's claims in plain text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// Bit numbers in the masks of requests and verdicts. A claim that does not match gives outcome 100 + its number.
// Numbers 2 to 10 follow the order of the fields in word 2 of a record, so that one bit extraction turns field flags
// into a claim mask.
enum class claim : std::uint8_t {
    name = 0,        // exact, or without any marks on one side; the verdict says which
    name_exact = 1,  // with every diacritic right
    birth_date = 2,  // at the coarser precision of the two
    sex = 3,
    life = 4,
    registration = 5,
    account_level = 6,
    account = 7,                  // status of the digital account
    document = 8,                 // status of the identity card
    province = 9,                 // of residence
    ward = 10,                    // of residence
    document_valid_on = 11,       // predicate: the card is valid and does not expire before a day
    born_on_or_before = 12,       // predicate: old enough
    account_level_at_least = 13,  // predicate
};
inline constexpr unsigned claim_count = 14;

using claim_mask = std::uint16_t;

[[nodiscard]] constexpr claim_mask mask_of(claim kind) noexcept {
    return static_cast<claim_mask>(1U << static_cast<unsigned>(kind));
}
template <class... Claims>
[[nodiscard]] constexpr claim_mask mask_of(claim first, Claims... rest) noexcept {
    return static_cast<claim_mask>(mask_of(first) | mask_of(rest...));
}
inline constexpr claim_mask all_claims = (1U << claim_count) - 1;
// A state of the record (outcome 2xx) explains these, so it takes precedence when one of them does not match.
inline constexpr claim_mask status_claims =
    mask_of(claim::life, claim::registration, claim::account_level, claim::account_level_at_least, claim::account);

// The required claims that are not among the claims made. `name_exact` counts as `name` too; no other claim counts as
// another.
[[nodiscard]] constexpr claim_mask missing_claims(claim_mask made, claim_mask required) noexcept {
    const bool is_named = (made & mask_of(claim::name_exact)) != 0;
    return static_cast<claim_mask>(required & ~made & ~(is_named ? mask_of(claim::name) : claim_mask{0}));
}

// "name", "birth_date", …: stable, used in files and reports.
[[nodiscard]] XACTHUC_API std::string_view to_string(claim kind) noexcept;
// The claim of that word, as find_word() compares them.
[[nodiscard]] XACTHUC_API std::optional<claim> parse_claim(std::string_view text) noexcept;

// One request in plain text: what is not set is not claimed. Views must outlive prepare().
struct claim_set {
    personal_id id{};
    std::optional<std::string_view> name{};
    bool name_exact = false;  // ask for `name` at the exact grade only
    std::optional<date> birth_date{};
    std::optional<xacthuc::sex> sex{};
    std::optional<std::uint32_t> province{};
    std::optional<std::uint32_t> ward{};
    std::optional<document_status> document{};
    std::optional<date> document_valid_on{};  // to the day, 2000-01-01 to 2089-09-16
    std::optional<date> born_on_or_before{};  // to the day; excludes birth_date, whose place it takes
    std::optional<life_status> life{};
    std::optional<registration_status> registration{};
    std::optional<xacthuc::account_level> account_level{};
    std::optional<xacthuc::account_level> account_level_at_least{};  // excludes account_level, whose place it takes
    std::optional<account_status> account{};
    std::uint16_t agency = 0;
    std::uint16_t procedure = 0;
};

// The claims that it makes.
[[nodiscard]] XACTHUC_API claim_mask made_claims(const claim_set& of) noexcept;

// The text that an identity card's QR code holds: PIN|old number|name|ddmmyyyy|sex|address|issue ddmmyyyy[|…].
struct card_text {
    claim_set claims{};             // id, name, birth date and sex
    std::string_view old_number{};  // nine digits or empty
    std::string_view address{};
    date issued{};
};

// Views into `text`.
// Errors: qr_fields, and those of the fields' own parsers.
[[nodiscard]] XACTHUC_API result<card_text> parse_card_text(std::string_view text) noexcept;

}  // namespace xacthuc::inline v0_1
