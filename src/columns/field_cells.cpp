// SPDX-License-Identifier: Apache-2.0
#include "columns/field_cells.hpp"

#include "columns/table_error.hpp"

namespace xacthuc::inline v0_1::columns {
namespace {

[[nodiscard]] std::string_view wanted(field_kind kind) noexcept {
    switch (kind) {
        case field_kind::id:
            return "text of 12 digits, or int64 or uint64";
        case field_kind::day:
            return "text, date32, date64 or a timestamp without a time zone";
        case field_kind::code:
            return "text or integers";
        case field_kind::yes_or_no:
            return "text or booleans";
        default:
            return "text";
    }
}

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
    switch (field) {
        case request_field::id:
            return field_kind::id;
        case request_field::birth_date:
        case request_field::document_valid_on:
        case request_field::born_on_or_before:
            return field_kind::day;
        case request_field::province:
        case request_field::ward:
        case request_field::agency:
        case request_field::procedure:
            return field_kind::code;
        default:
            return field_kind::text;
    }
}

result<void> set_day(request_field field, const result<date>& day, claim_set& into) noexcept {
    if (!day) return day.error();
    if (field == request_field::birth_date) into.birth_date = *day;
    if (field == request_field::document_valid_on) into.document_valid_on = *day;
    if (field == request_field::born_on_or_before) into.born_on_or_before = *day;
    return {};
}

field_kind kind_of(citizen_field field) noexcept {
    switch (field) {
        case citizen_field::id:
            return field_kind::id;
        case citizen_field::birth_date:
        case citizen_field::document_expiry:
            return field_kind::day;
        case citizen_field::province:
        case citizen_field::ward:
            return field_kind::code;
        case citizen_field::superseded:
            return field_kind::yes_or_no;
        default:
            return field_kind::text;
    }
}

result<void> set_day(citizen_field field, const result<date>& day, citizen& into) noexcept {
    if (!day) return day.error();
    if (field == citizen_field::birth_date) into.birth = *day;
    if (field == citizen_field::document_expiry) into.document_expiry = *day;
    return {};
}

void check_column(const column_type& type, const std::string& column, field_kind kind, std::string_view field) {
    if (fits(type, kind)) return;
    auto why =
        "column '" + column + "' is " + type.words + "; " + std::string{field} + " wants " + std::string{wanted(kind)};
    if (kind == field_kind::day && type.has_time_zone)
        why += " (which day it is depends on the zone: cast it to a date first)";
    throw column_error{why};
}

}  // namespace xacthuc::inline v0_1::columns
