// SPDX-License-Identifier: Apache-2.0
// The fields of a request as texts again, for everybody who writes rows and questions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/request_field.hpp>

namespace xacthuc::inline v0_1::columns {

// Appends the text of which set_field() makes what is claimed; nothing where nothing is.
inline void append_text(std::string& to, request_field field, const claim_set& of) {
    const auto word = [&](const auto& value) {
        if (value) to += to_string(*value);
    };
    const auto day = [&](const std::optional<date>& value) {
        if (value) to += value->to_string();
    };
    const auto code = [&](const std::optional<std::uint32_t>& value, std::size_t digits) {
        if (!value) return;
        const auto text = std::to_string(*value);
        to.append(digits - std::min(digits, text.size()), '0') += text;
    };
    switch (field) {
        case request_field::id: {
            const auto digits = of.id.digits();
            to.append(digits.data(), digits.size());
            return;
        }
        case request_field::name:
        case request_field::name_exact:
            if (of.name_exact == (field == request_field::name_exact)) to += of.name.value_or(std::string_view{});
            return;
        case request_field::birth_date:
            return day(of.birth_date);
        case request_field::sex:
            return word(of.sex);
        case request_field::life:
            return word(of.life);
        case request_field::registration:
            return word(of.registration);
        case request_field::account_level:
            return word(of.account_level);
        case request_field::account:
            return word(of.account);
        case request_field::document:
            return word(of.document);
        case request_field::province:
            return code(of.province, 2);
        case request_field::ward:
            return code(of.ward, 5);
        case request_field::document_valid_on:
            return day(of.document_valid_on);
        case request_field::born_on_or_before:
            return day(of.born_on_or_before);
        case request_field::account_level_at_least:
            return word(of.account_level_at_least);
        case request_field::agency:
            to += std::to_string(of.agency);
            return;
        case request_field::procedure:
            to += std::to_string(of.procedure);
            return;
    }
}

}  // namespace xacthuc::inline v0_1::columns
