// SPDX-License-Identifier: Apache-2.0
#include <utf8proc.h>

#include <algorithm>
#include <xacthuc/domain/heading.hpp>
#include <xacthuc/domain/name.hpp>

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] bool is_letter_or_digit(utf8proc_int32_t c) noexcept {
    switch (utf8proc_category(c)) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NL:
        case UTF8PROC_CATEGORY_NO:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string plain_heading(std::string_view text) {
    name_forms forms;
    if (!canonicalize(text, forms)) return {};
    std::string plain;
    auto rest = forms.folded();
    while (!rest.empty()) {
        utf8proc_int32_t c = 0;
        const auto size = static_cast<std::size_t>(utf8proc_iterate(
            reinterpret_cast<const utf8proc_uint8_t*>(rest.data()), static_cast<utf8proc_ssize_t>(rest.size()), &c));
        if (is_letter_or_digit(c)) {
            plain += rest.substr(0, size);
            if (c >= 'A' && c <= 'Z') plain.back() = static_cast<char>(c + ('a' - 'A'));
        } else if (!plain.empty() && plain.back() != '_') {
            plain += '_';
        }
        rest.remove_prefix(size);
    }
    if (plain.ends_with('_')) plain.pop_back();
    return plain;
}

bool is_called(const heading& known_as, std::string_view plain) noexcept {
    if (plain.empty()) return false;
    if (known_as.name == plain) return true;
    auto rest = known_as.aliases;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        if (rest.substr(0, end) == plain) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

std::optional<std::size_t> find_heading(std::span<const heading> known, std::string_view text) {
    const auto plain = plain_heading(text);
    const auto found = std::ranges::find_if(known, [&](const heading& one) { return is_called(one, plain); });
    if (found == known.end()) return {};
    return static_cast<std::size_t>(found - known.begin());
}

}  // namespace xacthuc::inline v0_1
