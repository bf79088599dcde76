// SPDX-License-Identifier: Apache-2.0
// The coded facts of a citizen: sex, and the statuses of her life, registration, digital account and identity document.
// In every one of them 0 is "the register has no data", so that a claim about it is unavailable and not a mismatch.
#pragma once

#include <cstdint>
#include <string_view>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// 2 bits.
enum class sex : std::uint8_t { unknown = 0, male = 1, female = 2, other = 3 };

// 2 bits. `missing` is a person declared missing by a court (mất tích).
enum class life_status : std::uint8_t { unknown = 0, alive = 1, deceased = 2, missing = 3 };

// 2 bits. The entry in the population register itself.
enum class registration_status : std::uint8_t { unknown = 0, active = 1, suspended = 2, cancelled = 3 };

// 2 bits. Level of the digital identity account (mức độ định danh điện tử).
// Source: Decree 69/2024/NĐ-CP.
enum class account_level : std::uint8_t { unknown = 0, none = 1, level_1 = 2, level_2 = 3 };

// 2 bits. `locked` is the holder's own lock (outcome 230); `revoked` is the authority's.
enum class account_status : std::uint8_t { unknown = 0, active = 1, locked = 2, revoked = 3 };

// 3 bits. The identity card.
// Source: Law on Identification 26/2023/QH15, articles 24 and 29.
enum class document_status : std::uint8_t {
    unknown = 0,
    none = 1,
    valid = 2,
    lost = 3,
    damaged = 4,
    replaced = 5,
    revoked = 6,
    held = 7
};

// The stable English word of each value; "" for unknown.
[[nodiscard]] XACTHUC_API std::string_view to_string(sex value) noexcept;
[[nodiscard]] XACTHUC_API std::string_view to_string(life_status value) noexcept;
[[nodiscard]] XACTHUC_API std::string_view to_string(registration_status value) noexcept;
[[nodiscard]] XACTHUC_API std::string_view to_string(account_level value) noexcept;
[[nodiscard]] XACTHUC_API std::string_view to_string(account_status value) noexcept;
[[nodiscard]] XACTHUC_API std::string_view to_string(document_status value) noexcept;

// The English word, or for sex also Nam, Nữ, Khác (with their marks or without any) and M, F, X; compared as
// find_word() does, in any case and Unicode form; empty text is unknown.
// Errors: sex_word, status_word.
[[nodiscard]] XACTHUC_API result<sex> parse_sex(std::string_view text) noexcept;
[[nodiscard]] XACTHUC_API result<life_status> parse_life_status(std::string_view text) noexcept;
[[nodiscard]] XACTHUC_API result<registration_status> parse_registration_status(std::string_view text) noexcept;
[[nodiscard]] XACTHUC_API result<account_level> parse_account_level(std::string_view text) noexcept;
[[nodiscard]] XACTHUC_API result<account_status> parse_account_status(std::string_view text) noexcept;
[[nodiscard]] XACTHUC_API result<document_status> parse_document_status(std::string_view text) noexcept;

}  // namespace xacthuc::inline v0_1
