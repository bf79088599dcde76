// SPDX-License-Identifier: Apache-2.0
// Why there is no request, and of which field that is said, as numbers of the interface.
#pragma once

#include <xacthuc.h>

#include <cstdint>
#include <string_view>
#include <xacthuc/domain/claim.hpp>
#include <xacthuc/domain/request_field.hpp>

#include "boundary.hpp"
#include "columns/field_problem.hpp"
#include "columns/made_row.hpp"

namespace xacthuc::c {

struct field_refusal {
    xt_status status = XT_OK;
    std::uint32_t field = XT_FIELD_NONE;

    // Empty for the request as a whole.
    [[nodiscard]] std::string_view name() const noexcept {
        return field < XT_FIELD_COUNT ? to_string(static_cast<request_field>(field)) : std::string_view{};
    }
};

[[nodiscard]] inline field_refusal refusal_of(const columns::request_problem& why) noexcept {
    return {why.code, why.field ? static_cast<std::uint32_t>(*why.field) : std::uint32_t{XT_FIELD_NONE}};
}

// Reads a text into its field.
[[nodiscard]] inline field_refusal put_text(request_field field, xt_text text, claim_set& into) noexcept {
    std::string_view view;
    if (const auto status = read_text(text, view); status != XT_OK) return {status, static_cast<std::uint32_t>(field)};
    return refusal_of(columns::put_text(field, view, into));
}

}  // namespace xacthuc::c
