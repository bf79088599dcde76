// SPDX-License-Identifier: Apache-2.0
// The fields of a citizen as text, as a register's own files and tables hold them: one text for each field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <xacthuc/domain/citizen.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// The fields of a citizen.
enum class citizen_field : std::uint8_t {
    id = 0,      // 12 digits
    name,        // UTF-8, any spelling
    birth_date,  // as date::parse() takes it
    sex,         // as parse_sex() takes it, and so on
    life,
    registration,
    account_level,
    account,
    document,
    document_expiry,  // a day; or "lifelong", or "Không thời hạn" as cards have it
    province,         // two-digit code of residence
    ward,             // five-digit code of residence
    superseded,       // 1, 0, true, false, yes, no, có, không
};
inline constexpr std::size_t citizen_field_count = 13;

// "id", "name", "birth_date", …: stable, used in files and reports.
[[nodiscard]] XACTHUC_API std::string_view to_string(citizen_field field) noexcept;

// Reads one field into a citizen, whose name is a view of the text afterwards. Empty text means unknown; only the id
// must not be empty.
// Concurrency: wait-free.
// Errors: those of the field's own parser (of personal_id::parse(), date::parse(), parse_sex(), …); province_unknown;
// ward_range; status_word (superseded). A bad name or expiry is found later, by make_record().
[[nodiscard]] XACTHUC_API result<void> set_field(citizen_field field, std::string_view text, citizen& into) noexcept;

// A two-digit code of residence that exists, or 0 for empty text.
// Errors: province_unknown.
[[nodiscard]] XACTHUC_API result<std::uint32_t> parse_province(std::string_view text) noexcept;

// 1, 0, true, false, yes, no, có, không (or co, khong), compared as find_word() does; empty text is no.
// Errors: status_word.
[[nodiscard]] XACTHUC_API result<bool> parse_yes_no(std::string_view text) noexcept;

// Decimal digits; empty text is 0.
// Errors: `otherwise`, when it is anything else or above value_max.
[[nodiscard]] XACTHUC_API result<std::uint32_t> parse_code(std::string_view text, std::uint32_t value_max,
                                                           errc otherwise) noexcept;

}  // namespace xacthuc::inline v0_1
