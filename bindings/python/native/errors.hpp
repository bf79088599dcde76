// SPDX-License-Identifier: Apache-2.0
// How errors of the library and of the tables given to it become Python exceptions. The classes are written in Python
// (xacthuc/errors.py); here is what is thrown on the way to them.
#pragma once

#include <nanobind/nanobind.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <xacthuc/domain/error.hpp>

#include "columns/table_error.hpp"

namespace xacthuc::python {

namespace nb = nanobind;

// An error code of the library, with where and what.
struct library_error : std::runtime_error {
    explicit library_error(const failure& what) : std::runtime_error{what.message()}, code{what.code} {}
    explicit library_error(boost::system::error_code what) : std::runtime_error{what.message()}, code{what} {}
    library_error(boost::system::error_code what, const std::string& context) : library_error{failure{what, context}} {}

    boost::system::error_code code;
};

// The same of one field, "" of a request as a whole.
struct field_error : library_error {
    field_error(boost::system::error_code what, const std::string& which) : library_error{what, which}, field{which} {}

    std::string field;
};

using columns::arrow_error;
using columns::column_error;

// An argument that the call does not have, or whose value it cannot take.
struct argument_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The value, or the error thrown.
template <class Result>
[[nodiscard]] auto take(Result&& from) {
    if (!from) throw library_error{from.error()};
    return *std::forward<Result>(from);
}
template <>
[[nodiscard]] inline auto take(detailed_result<void>&& from) {
    if (!from) throw library_error{from.error()};
}

// From now on the exceptions above arrive as the classes of the module that is being imported.
void translate_errors();

}  // namespace xacthuc::python
