// SPDX-License-Identifier: Apache-2.0
#include "program/told_rate.hpp"

#include <cstdio>
#include <memory>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {

std::optional<double> rate_told_by(const std::string& command) {
    if (command.empty()) return {};
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> from{::popen(command.c_str(), "r"), &::pclose};
    double rate = 0;
    if (!from || std::fscanf(from.get(), "%lf", &rate) != 1)
        throw command_error{exit_code::failed, "it printed no number: " + command};
    return rate;
}

boost::json::value number_or_null(const std::optional<double>& rate) {
    // In parentheses: in braces it would be an array of one.
    return rate ? boost::json::value(*rate) : boost::json::value(nullptr);
}

}  // namespace xacthuc::cli
