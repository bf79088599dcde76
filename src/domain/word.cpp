// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <xacthuc/domain/name.hpp>
#include <xacthuc/domain/word.hpp>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] std::size_t place_of(std::span<const std::string_view> words, std::string_view form) noexcept {
    const auto same = [form](std::string_view word) { return std::ranges::equal(word, form, {}, lower, lower); };
    return static_cast<std::size_t>(std::ranges::find_if(words, same) - words.begin());
}

}  // namespace

std::size_t find_word(std::span<const std::string_view> words, std::string_view text) noexcept {
    const auto place = place_of(words, text);
    if (place != words.size()) return place;
    name_forms forms;
    return canonicalize(text, forms) ? place_of(words, forms.exact()) : words.size();
}

}  // namespace xacthuc::inline v0_1
