// SPDX-License-Identifier: Apache-2.0
#include "field_value.hpp"

#include "column_choice.hpp"
#include "errors.hpp"
#include "interpreter.hpp"

namespace xacthuc::python {
namespace {

// A missing date of pandas has parts that are no numbers.
template <class Number>
[[nodiscard]] bool is_part_of_day(nb::handle of, const char* name, Number& into) {
    return has_attribute(of, name) && nb::try_cast(attribute(of, name), into, false);
}

}  // namespace

value_for_all value_of(nb::handle value, std::string_view field, std::string_view wanted) {
    value_for_all made;
    nb::object held = nb::borrow(value);
    if (has_attribute(held, "__xacthuc_literal__")) held = attribute(held, "__xacthuc_literal__");
    int year = 0;
    unsigned month = 0;
    unsigned day_of_month = 0;
    if (nb::isinstance<nb::str>(held)) {
        made.text = text_of(held);
    } else if (nb::isinstance<nb::int_>(held) && !nb::isinstance<nb::bool_>(held)) {
        made.text = text_of(nb::str(held));
    } else if (is_part_of_day(held, "year", year) && is_part_of_day(held, "month", month) &&
               is_part_of_day(held, "day", day_of_month)) {
        const auto day = date::from_parts(year, month, day_of_month);
        if (!day) throw field_error{day.error(), std::string{field}};
        made.day = *day;
    } else {
        throw column_error{std::string{field} + ": wanted " + std::string{wanted} +
                           ", a whole number, a date (NaT is none) or "
                           "xacthuc.literal(…), not " +
                           std::string{nb::type_name(held.type()).c_str()}};
    }
    return made;
}

}  // namespace xacthuc::python
