// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <nanobind/stl/string.h>

#include <cstring>
#include <exception>

#include "interpreter.hpp"

namespace xacthuc::python {
namespace {

// A text that may quote a path or a table, and so need not be UTF-8.
[[nodiscard]] nb::object readable(const char* text) {
    return taken(PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(std::strlen(text)), "backslashreplace"));
}

// Sets the Python exception that xacthuc.errors makes of it. When even that fails, the failure is what is set.
template <class... More>
void raise(const char* maker, int code, const char* text, const More&... more) noexcept {
    try {
        const auto made = call_python(from_module("xacthuc.errors", maker), code, readable(text), more...);
        PyErr_SetObject(made.type().ptr(), made.ptr());
    } catch (nb::python_error& error) {
        error.restore();
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
}

void translate(const std::exception_ptr& thrown, void*) {
    try {
        std::rethrow_exception(thrown);
    } catch (const field_error& error) {
        raise("of_field", error.code.value(), error.what(), error.field);
    } catch (const library_error& error) {
        raise("of_library", error.code.value(), error.what());
    } catch (const arrow_error& error) {
        raise("of_table", 0, error.what());
    } catch (const column_error& error) {
        raise("of_column", 0, error.what());
    } catch (const argument_error& error) {
        raise("of_argument", 0, error.what());
    }
}

}  // namespace

void translate_errors() {
    nb::register_exception_translator(translate);
}

}  // namespace xacthuc::python
