// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"

#include <string>

#include "column_choice.hpp"
#include "errors.hpp"
#include "interpreter.hpp"

namespace xacthuc::python {

std::filesystem::path path_of(nb::handle from) {
    PyObject* bytes = nullptr;
    if (or_stay([&] { return PyUnicode_FSConverter(from.ptr(), &bytes); }) == 0) nb::raise_python_error();
    const auto held = nb::steal<nb::bytes>(bytes);
    return std::string{held.c_str(), held.size()};
}

std::uint64_t whole_number(nb::handle from, std::string_view argument, std::uint64_t least, std::uint64_t most) {
    // Of other types those that say that they are whole numbers: NumPy's.
    PyObject* const number =
        nb::isinstance<nb::bool_>(from) ? nullptr : or_stay([&] { return PyNumber_Index(from.ptr()); });
    const auto held = nb::steal(number);
    const auto value = number == nullptr ? 0 : PyLong_AsUnsignedLongLong(number);
    const bool is_one = number != nullptr && PyErr_Occurred() == nullptr;
    PyErr_Clear();
    if (!is_one || value < least || value > most) {
        auto wanted = std::string{argument} + ": wanted a whole number";
        if (most == UINT64_MAX) {
            wanted += " of at least " + std::to_string(least);
        } else {
            wanted += " from " + std::to_string(least) + " to " + std::to_string(most);
        }
        throw argument_error{wanted};
    }
    return value;
}

bool true_or_false(nb::handle from, std::string_view argument) {
    if (!nb::isinstance<nb::bool_>(from)) throw argument_error{std::string{argument} + ": wanted True or False"};
    return from.is(Py_True);
}

void refuse_others(const nb::kwargs& others, std::string_view call, std::string_view known) {
    for (const auto& [keyword, value] : others)
        throw argument_error{std::string{call} + "() has no argument '" + text_of(keyword) + "'; it has " +
                             std::string{known}};
}

}  // namespace xacthuc::python
