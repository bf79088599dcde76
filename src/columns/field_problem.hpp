// SPDX-License-Identifier: Apache-2.0
// What is wrong with a row, and which field that is said of: one answer for all ways by which rows come in.
#pragma once

#include <optional>
#include <string_view>
#include <xacthuc/domain/citizen_field.hpp>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/request_field.hpp>

namespace xacthuc::inline v0_1::columns {

// The code of an error, 0 of none.
template <class T>
[[nodiscard]] int code_of(const result<T>& done) noexcept {
    return done ? 0 : done.error().value();
}

// Field is request_field or citizen_field.
template <class Field>
struct field_problem {
    int code = 0;                  // of errc; 0: nothing is wrong
    std::optional<Field> field{};  // none: the row as a whole

    [[nodiscard]] explicit operator bool() const noexcept { return code != 0; }
    [[nodiscard]] boost::system::error_code why() const noexcept { return make_error_code(static_cast<errc>(code)); }
    // Empty for the row as a whole.
    [[nodiscard]] std::string_view name() const noexcept { return field ? to_string(*field) : std::string_view{}; }
};
using request_problem = field_problem<request_field>;
using citizen_problem = field_problem<citizen_field>;

}  // namespace xacthuc::inline v0_1::columns
