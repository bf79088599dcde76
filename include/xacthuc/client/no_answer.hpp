// SPDX-License-Identifier: Apache-2.0
// Why there is no answer: whether the question may have counted, and what the service said.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1::client {

// What came of the question. After `unanswered` nobody knows whether it was answered, and counted.
enum class no_answer_kind : std::uint8_t {
    argument,    // what was asked cannot be asked: nothing was sent
    not_sent,    // no connection came about, or there was no time left: nothing was sent
    problem,     // the service said why it gives none; only 1302, a ledger that fails, may come after it was counted
    unanswered,  // something was sent, and no answer that can be trusted came back
};

// In place of an answer.
struct no_answer {
    no_answer_kind kind = no_answer_kind::unanswered;
    // The stable number of a problem (docs/service.md), below 1000 that of errc; 0 where there is none.
    int code = 0;
    unsigned status = 0;                // that of HTTP; 0 where there is none
    std::string title{};                // in words
    std::string member{};               // which member of the question it is about
    std::string detail{};               // what more there is to tell
    boost::system::error_code cause{};  // of the connection; timed_out and operation_aborted among them

    // "<member>: <title>: <detail>"
    [[nodiscard]] XACTHUC_API std::string message() const;
};

// What value() does when there is no answer: it throws boost::system::system_error with the cause and the message.
[[noreturn]] XACTHUC_API void throw_exception_from_error(const no_answer& error, const boost::source_location& where);

// An answer, or why there is none.
template <class T>
using answered = boost::system::result<T, no_answer>;

}  // namespace xacthuc::inline v0_1::client
