// SPDX-License-Identifier: Apache-2.0
// Values and what they are called: one table each, and one look-up for all tables.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace xacthuc::inline v0_1 {

template <class Value>
struct worded {
    Value value;
    std::string_view words;
};

// Those that are asked for most come first. Every word is a literal, so its data() ends with a zero.
template <class Value, std::size_t count>
[[nodiscard]] constexpr std::string_view words_of(const std::array<worded<Value>, count>& all, Value value,
                                                  std::string_view otherwise) noexcept {
    const auto found = std::ranges::find(all, value, &worded<Value>::value);
    return found == all.end() ? otherwise : found->words;
}

}  // namespace xacthuc::inline v0_1
