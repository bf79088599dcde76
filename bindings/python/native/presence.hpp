// SPDX-License-Identifier: Apache-2.0
// How objects of ours are shown, pickled, copied and named by Dask. The words are written in Python: xacthuc/display.py
// and xacthuc/pickling.py have a function for each kind.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <utility>

#include "interpreter.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// A method that is a function of one of our modules in Python.
template <class Type>
void define_in_python(Type& type, const char* method, const char* module, std::string function, const char* returns) {
    const auto signature = std::string{"def "} + method + "(self) -> " + returns;
    type.def(
        method,
        [module, name = std::move(function)](nb::handle self) {
            return call_python(from_module(module, name.c_str()), self);
        },
        nb::sig(signature.c_str()));
}

// __repr__, by the function <kind>_text.
template <class Type>
void define_text(Type& type, const std::string& kind) {
    define_in_python(type, "__repr__", "xacthuc.display", kind + "_text", "str");
}

// __repr__ and _repr_html_, by <kind>_text and <kind>_html.
template <class Type>
void define_display(Type& type, const std::string& kind) {
    define_text(type, kind);
    define_in_python(type, "_repr_html_", "xacthuc.display", kind + "_html", "str");
}

// __reduce__ by <kind>_reduced, __dask_tokenize__ by <kind>_token. A copy is the object itself: it either never
// changes, or is one with what others hold.
template <class Type>
void define_travel(Type& type, const std::string& kind) {
    define_in_python(type, "__reduce__", "xacthuc.pickling", kind + "_reduced", "tuple[object, ...]");
    define_in_python(type, "__dask_tokenize__", "xacthuc.pickling", kind + "_token", "tuple[object, ...]");
    type.def("__copy__", [](nb::handle self) { return nb::borrow(self); });
    type.def(
        "__deepcopy__", [](nb::handle self, nb::handle) { return nb::borrow(self); }, nb::arg("memo"));
}

}  // namespace xacthuc::python
