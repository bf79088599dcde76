// SPDX-License-Identifier: Apache-2.0
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>
#include <xacthuc/client/no_answer.hpp>

namespace xacthuc::inline v0_1::client {

std::string no_answer::message() const {
    std::string text = member;
    const auto add = [&](const std::string& more) {
        if (more.empty()) return;
        if (!text.empty()) text += ": ";
        text += more;
    };
    add(title);
    add(detail);
    if (cause) add(cause.message());
    return text;
}

void throw_exception_from_error(const no_answer& error, const boost::source_location& where) {
    const auto code =
        error.cause ? error.cause : boost::system::errc::make_error_code(boost::system::errc::protocol_error);
    boost::throw_exception(boost::system::system_error{code, error.message()}, where);
}

}  // namespace xacthuc::inline v0_1::client
