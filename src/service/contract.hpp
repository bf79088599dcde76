// SPDX-License-Identifier: Apache-2.0
// The contract with clients, as it is served.
#pragma once

#include <string_view>

namespace xacthuc::inline v0_1::service {

// src/service/openapi.json, whole.
[[nodiscard]] std::string_view contract() noexcept;

}  // namespace xacthuc::inline v0_1::service
