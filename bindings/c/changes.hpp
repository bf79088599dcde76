// SPDX-License-Identifier: Apache-2.0
// Changes as C has them and as C++ has them.
#pragma once

#include <xacthuc.h>

#include <optional>
#include <xacthuc/registry/change.hpp>

namespace xacthuc::c {

void put_change(const change& from, xt_change& into) noexcept;
// Nothing when it is none that the library made. Sequence and time are left out.
[[nodiscard]] std::optional<change> read_change(const xt_change& from) noexcept;

}  // namespace xacthuc::c
