// SPDX-License-Identifier: Apache-2.0
// The header x-correlator, by which whoever asks finds a question again.
#pragma once

#include <algorithm>
#include <string_view>

namespace xacthuc::inline v0_1 {

// As CAMARA has it: up to 256 of the characters a-zA-Z0-9-_:;./<>{}
[[nodiscard]] inline bool is_correlator(std::string_view text) noexcept {
    return text.size() <= 256 && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view{"-_:;./<>{}"}.find(c) != std::string_view::npos;
           });
}

}  // namespace xacthuc::inline v0_1
