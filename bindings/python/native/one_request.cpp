// SPDX-License-Identifier: Apache-2.0
#include "one_request.hpp"

#include <list>
#include <string>
#include <string_view>

#include "column_choice.hpp"
#include "columns/made_row.hpp"
#include "errors.hpp"
#include "field_value.hpp"
#include "python_text.hpp"
#include "register.hpp"
#include "request_columns.hpp"
#include "table_columns.hpp"

namespace xacthuc::python {
namespace {

// Texts that are no view of a Python object; they stay where they are.
using made_texts = std::list<std::string>;

// The text as it lies in the object, which lives as long as the call. One with halves of characters has no such form.
[[nodiscard]] std::string_view view_of(nb::handle text, made_texts& texts) {
    Py_ssize_t size = 0;
    if (const auto* const data = PyUnicode_AsUTF8AndSize(text.ptr(), &size); data != nullptr)
        return {data, static_cast<std::size_t>(size)};
    PyErr_Clear();
    return texts.emplace_back(text_of(text));
}

// An id whose leading zeros are lost, as a table of numbers has it.
[[nodiscard]] columns::request_problem put_number(nb::handle given, claim_set& into) {
    const auto number = PyLong_AsUnsignedLongLong(given.ptr());
    const bool is_outside = PyErr_Occurred() != nullptr;
    PyErr_Clear();
    const auto id = columns::id_of_number({is_outside, number});
    if (id) into.id = *id;
    return columns::problem_of(request_field::id, code_of(id));
}

[[nodiscard]] columns::request_problem put(request_field field, nb::handle given, claim_set& into, made_texts& texts) {
    if (PyUnicode_Check(given.ptr())) return put_text(field, view_of(given, texts), into);
    if (field == request_field::id && PyLong_Check(given.ptr()) && !PyBool_Check(given.ptr()))
        return put_number(given, into);
    const auto value = value_of(given, to_string(field), "a text");
    if (value.day && kind_of(field) != field_kind::day)
        throw column_error{std::string{to_string(field)} + ": a date is none of its values"};
    if (!value.day) return put_text(field, texts.emplace_back(value.text), into);
    return columns::problem_of(field, code_of(set_day(field, *value.day, into)));
}

[[noreturn]] void refuse(const columns::request_problem& why) {
    throw field_error{why.why(), std::string{why.name()}};
}

}  // namespace

nb::object answer_one(const open_register& from, const std::array<nb::object, request_field_count>& values,
                      nb::handle require, const call_record& how) {
    claim_set claims;
    made_texts texts;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto field = static_cast<request_field>(i);
        if (values[i].is_none()) continue;
        if (const auto why = put(field, values[i], claims, texts)) refuse(why);
    }
    judged_call call{from.asking(), how};
    if (claims.agency == 0) claims.agency = call.agency();
    request made;
    if (const auto why = columns::make_request(claims, from.digests(), required_claims(require, all_claims), made))
        refuse(why);
    verdict answer;
    call.answer(from.index(), {&made, 1}, {&answer, 1});
    const auto recorded = call.settle();
    return verdict_object(answer, recorded.empty() ? std::nullopt : std::optional{recorded.front().place});
}

}  // namespace xacthuc::python
