// SPDX-License-Identifier: Apache-2.0
// How tests look at a result: whether it is there, its code, its words.
#pragma once

#include <doctest/doctest.h>

#include <boost/system/error_code.hpp>
#include <string>
#include <xacthuc/domain/error.hpp>

namespace xacthuc::tests {

template <class T, class Error>
[[nodiscard]] bool ok(const boost::system::result<T, Error>& outcome) {
    return outcome.has_value();
}

// The same, and a message says why not: where success is expected.
template <class T>
[[nodiscard]] bool succeeded(const detailed_result<T>& outcome) {
    if (!outcome) MESSAGE(outcome.error().message());
    return outcome.has_value();
}

template <class T>
[[nodiscard]] boost::system::error_code code_of(const detailed_result<T>& outcome) {
    return outcome ? boost::system::error_code{} : outcome.error().code;
}

template <class T>
[[nodiscard]] std::string words_of(const detailed_result<T>& outcome) {
    return outcome ? "no error" : outcome.error().message();
}

}  // namespace xacthuc::tests
