// SPDX-License-Identifier: Apache-2.0
#include "columns/field_cells.hpp"

#include "columns/table_error.hpp"

namespace xacthuc::inline v0_1::columns {
namespace {

// In the order of field_kind.
constexpr std::array<std::string_view, 5> wanted{"text", "text of 12 digits, or int64 or uint64",
                                                 "text, date32, date64 or a timestamp without a time zone",
                                                 "text or integers", "text or booleans"};

[[nodiscard]] bool fits(const column_type& type, field_kind kind) noexcept {
    using storage = column_type::storage;
    if (type.is_text() || type.values == storage::null) return true;
    switch (kind) {
        case field_kind::id:
            return type.values == storage::integer && type.bytes == 8;
        case field_kind::day:
            return type.is_date() && !type.has_time_zone;
        case field_kind::code:
            return type.values == storage::integer;
        case field_kind::yes_or_no:
            return type.values == storage::boolean;
        default:
            return false;
    }
}

}  // namespace

field_kind kind_of(request_field field) noexcept {
    using enum field_kind;
    static constexpr std::array<field_kind, request_field_count> kinds{
        id, text, text, day, text, text, text, text, text, text, code, code, day, day, text, code, code};
    return kinds.at(static_cast<std::size_t>(field));
}

result<void> set_day(request_field field, const result<date>& day, claim_set& into) noexcept {
    if (!day) return day.error();
    if (field == request_field::birth_date) into.birth_date = *day;
    if (field == request_field::document_valid_on) into.document_valid_on = *day;
    if (field == request_field::born_on_or_before) into.born_on_or_before = *day;
    return {};
}

field_kind kind_of(citizen_field field) noexcept {
    using enum field_kind;
    static constexpr std::array<field_kind, citizen_field_count> kinds{id,   text, day, text, text, text,     text,
                                                                       text, text, day, code, code, yes_or_no};
    return kinds.at(static_cast<std::size_t>(field));
}

result<void> set_day(citizen_field field, const result<date>& day, citizen& into) noexcept {
    if (!day) return day.error();
    if (field == citizen_field::birth_date) into.birth = *day;
    if (field == citizen_field::document_expiry) into.document_expiry = *day;
    return {};
}

void check_column(const column_type& type, const std::string& column, field_kind kind, std::string_view field) {
    if (fits(type, kind)) return;
    auto why = "column '" + column + "' is " + type.words + "; " + std::string{field} + " wants " +
               std::string{wanted.at(static_cast<std::size_t>(kind))};
    if (kind == field_kind::day && type.has_time_zone)
        why += " (which day it is depends on the zone: cast it to a date first)";
    if (kind == field_kind::id && type.words == "double")
        why += " (numbers are made double where some are missing: read the column as text)";
    throw column_error{why};
}

}  // namespace xacthuc::inline v0_1::columns
