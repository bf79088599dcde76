// SPDX-License-Identifier: Apache-2.0
// What somebody else's program measured in the same run.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

namespace xacthuc::cli {

// Runs a command, which prints how many it did a second. Nothing where there is no command.
// Exceptions: command_error, where it prints no number.
[[nodiscard]] std::optional<double> rate_told_by(const std::string& command);

// The number, or null.
[[nodiscard]] boost::json::value number_or_null(const std::optional<double>& rate);

}  // namespace xacthuc::cli
