// SPDX-License-Identifier: Apache-2.0
// The texts of cells that the domain does not look into.
#pragma once

#include <string_view>

namespace xacthuc::cli {

// What the text of a reference must be.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace xacthuc::cli
