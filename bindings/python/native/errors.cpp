// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <exception>

namespace xacthuc::python {
namespace {

// Sets the Python exception that xacthuc.errors makes of it. When even that fails, the failure is what is set.
void raise(const char* maker, int code, const char* text) noexcept {
    try {
        const auto made = nb::module_::import_("xacthuc.errors").attr(maker)(code, nb::str{text});
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
    } catch (const library_error& error) {
        raise("of_library", error.code.value(), error.what());
    } catch (const arrow_error& error) {
        raise("of_table", 0, error.what());
    } catch (const column_error& error) {
        raise("of_column", 0, error.what());
    }
}

}  // namespace

void translate_errors() {
    nb::register_exception_translator(translate);
}

}  // namespace xacthuc::python
