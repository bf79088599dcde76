// SPDX-License-Identifier: Apache-2.0
// What the errors of servers mean for a call: whether it helps to ask again.
#pragma once

#include <boost/system/error_code.hpp>
#include <string_view>

namespace xacthuc::inline v0_1::cluster {

// Of the text of an error: resource_unavailable_try_again (the node does not own the slot, or cannot serve now),
// permission_denied, function_not_supported (no such command), not_enough_memory, errc::foreign_partition (another
// register), and protocol_error for all that nobody expects.
[[nodiscard]] boost::system::error_code code_of_error(std::string_view text) noexcept;

// Whether a node will say the same however often it is asked.
[[nodiscard]] bool is_final(boost::system::error_code code) noexcept;

}  // namespace xacthuc::inline v0_1::cluster
