// SPDX-License-Identifier: Apache-2.0
// From the texts of a row to the request or the record that it means, for everybody who takes rows in: each field is
// put by put_text(), and make_request() or make_record() ends the row.
#pragma once

#include <string_view>
#include <type_traits>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/date.hpp>
#include <xacthuc/domain/digest_key.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/personal_id.hpp>
#include <xacthuc/domain/record.hpp>
#include <xacthuc/domain/request.hpp>
#include <xacthuc/domain/request_field.hpp>

#include "columns/field_problem.hpp"

namespace xacthuc::inline v0_1::columns {

// What set_field() said of a field. Of two names it is the exact one that excludes the other, whichever came first.
template <class Field>
[[nodiscard]] field_problem<Field> problem_of(Field field, int code) noexcept {
    if (code == 0) return {};
    if constexpr (std::is_same_v<Field, request_field>)
        if (code == static_cast<int>(errc::claims_contradict)) field = Field::name_exact;
    return {code, field};
}

// As set_field(), without the way through it for the fields that nearly every table has.
template <class Field, class Target>
[[nodiscard]] field_problem<Field> put_text(Field field, std::string_view text, Target& into) noexcept {
    if constexpr (std::is_same_v<Target, claim_set>) {
        if (field == Field::name && !text.empty() && !into.name) {
            into.name = text;
            return {};
        }
        if (field == Field::birth_date && !text.empty()) {
            const auto day = date::parse(text);
            if (day) into.birth_date = *day;
            return problem_of(field, code_of(day));
        }
        if (field == Field::sex && !text.empty()) {
            const auto value = parse_sex(text);
            if (value) into.sex = *value;
            return problem_of(field, code_of(value));
        }
    }
    if (field == Field::id) {
        const auto id = personal_id::parse(text);
        if (id) into.id = *id;
        return problem_of(field, code_of(id));
    }
    return problem_of(field, code_of(set_field(field, text, into)));
}

// As prepare(), and which field an error is about. Claims without an id are those of a row that did not say it, for no
// text is that of an id of zeros: personal_id_length, as an empty text.
[[nodiscard]] inline request_problem make_request(const claim_set& claims, const digest_key& key, claim_mask required,
                                                  request& into) noexcept {
    if (claims.id.value() == 0) return {static_cast<int>(errc::personal_id_length), request_field::id};
    const auto made = prepare(claims, key, required);
    if (!made) return {made.error().value(), field_of(made.error(), claims, required)};
    into = *made;
    return {};
}

// As make_record() of the domain, and which field an error is about.
// Requires: the citizen's fields were put by put_text() or set_field(), which check all but the name and the expiry.
[[nodiscard]] inline citizen_problem make_record(const citizen& who, const digest_key& key, record& into) noexcept {
    if (who.id.value() == 0) return {static_cast<int>(errc::personal_id_length), citizen_field::id};
    name_digests digests{};
    if (!who.name.empty()) {
        const auto name = digest_name(who.name, key);
        if (!name) return {name.error().value(), citizen_field::name};
        digests = *name;
    }
    const auto made = xacthuc::make_record(who, digests);
    if (!made) return {made.error().value(), citizen_field::document_expiry};
    into = *made;
    return {};
}

}  // namespace xacthuc::inline v0_1::columns
