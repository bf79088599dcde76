// SPDX-License-Identifier: Apache-2.0
// How objects of ours are shown, pickled, copied and named by Dask. The words are written in Python: xacthuc/display.py
// and xacthuc/pickling.py have a function for each kind.
#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "interpreter.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// __repr__, by the function <kind>_text.
template <class Type>
void define_text(Type& type, const std::string& kind) {
    type.def(
        "__repr__",
        [name = kind + "_text"](nb::handle self) {
            return call_python(from_module("xacthuc.display", name.c_str()), self);
        },
        nb::sig("def __repr__(self) -> str"));
}

// __repr__ and _repr_html_, by <kind>_text and <kind>_html.
template <class Type>
void define_display(Type& type, const std::string& kind) {
    define_text(type, kind);
    type.def(
        "_repr_html_",
        [name = kind + "_html"](nb::handle self) {
            return call_python(from_module("xacthuc.display", name.c_str()), self);
        },
        nb::sig("def _repr_html_(self) -> str"));
}

// __reduce__ by <kind>_reduced, __dask_tokenize__ by <kind>_token. A copy is the object itself: it either never
// changes, or is one with what others hold.
template <class Type>
void define_travel(Type& type, const std::string& kind) {
    type.def(
        "__reduce__",
        [name = kind + "_reduced"](nb::handle self) {
            return call_python(from_module("xacthuc.pickling", name.c_str()), self);
        },
        nb::sig("def __reduce__(self) -> tuple[object, ...]"));
    type.def(
        "__dask_tokenize__",
        [name = kind + "_token"](nb::handle self) {
            return call_python(from_module("xacthuc.pickling", name.c_str()), self);
        },
        nb::sig("def __dask_tokenize__(self) -> tuple[object, ...]"));
    type.def("__copy__", [](nb::handle self) { return nb::borrow(self); });
    type.def(
        "__deepcopy__", [](nb::handle self, nb::handle) { return nb::borrow(self); }, nb::arg("memo"));
}

}  // namespace xacthuc::python
