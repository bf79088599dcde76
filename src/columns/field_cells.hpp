// SPDX-License-Identifier: Apache-2.0
// What columns may hold which field, and how cells that are no text become the field's value.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/date.hpp>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/request_field.hpp>

#include "columns/arrow_column.hpp"

namespace xacthuc::inline v0_1::columns {

enum class field_kind : std::uint8_t {
    text,       // text only
    id,         // text, or integers of 64 bits
    day,        // text, or dates, or timestamps without a time zone
    code,       // text, or integers
    yes_or_no,  // text, or booleans
};

[[nodiscard]] field_kind kind_of(request_field field) noexcept;
[[nodiscard]] field_kind kind_of(citizen_field field) noexcept;

// As set_field(), for a date that is none in text.
[[nodiscard]] result<void> set_day(request_field field, const result<date>& day, claim_set& into) noexcept;
[[nodiscard]] result<void> set_day(citizen_field field, const result<date>& day, citizen& into) noexcept;

// Throws column_error, saying which column is of which type and what would do, when it cannot hold such a field.
void check_column(const column_type& type, const std::string& column, field_kind kind, std::string_view field);

// A personal id that a table holds as a number, its leading zeros lost to nobody's harm: they can only be those that
// make it twelve digits. But a number below 10^9 would be of province 000, which there is not; it is an old number of
// nine digits, or none.
// Errors: personal_id_length.
[[nodiscard]] inline result<personal_id> id_of_number(arrow_column::number value) noexcept {
    constexpr std::uint64_t least = 1'000'000'000;
    if (value.is_negative || value.magnitude < least || value.magnitude >= personal_id::value_end)
        return errc::personal_id_length;
    return personal_id::from_value(value.magnitude);
}

[[nodiscard]] inline result<date> day_of(std::int64_t unix_days) noexcept {
    const auto days = static_cast<std::int32_t>(unix_days);
    if (days != unix_days) return errc::date_range;
    return date::from_unix_days(days);
}

// A code that a table holds as a number, as the text that the library reads.
class code_text {
  public:
    [[nodiscard]] std::string_view of(arrow_column::number value) noexcept {
        char* const begin = text_.data();
        char* at = begin;
        if (value.is_negative) *at++ = '-';
        return {begin, static_cast<std::size_t>(std::to_chars(at, begin + text_.size(), value.magnitude).ptr - begin)};
    }

  private:
    std::array<char, 24> text_;
};

}  // namespace xacthuc::inline v0_1::columns
