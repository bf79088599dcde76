// SPDX-License-Identifier: Apache-2.0
#include <xacthuc/domain/personal_id.hpp>

namespace xacthuc::inline v0_1 {

result<personal_id> personal_id::parse(std::string_view text) noexcept {
    if (text.size() != digit_count) return errc::personal_id_length;
    std::uint64_t value = 0;
    bool all_digits = true;
    for (const char c : text) {
        const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - unsigned{'0'};
        all_digits &= digit <= 9;
        value = value * 10 + digit;
    }
    if (!all_digits) return errc::personal_id_digit;
    return from_value(value);
}

result<personal_id> personal_id::from_value(std::uint64_t value) noexcept {
    if (value >= value_end) return errc::code_range;
    if (value == 0) return errc::personal_id_reserved;
    return personal_id{value};
}

std::array<char, personal_id::digit_count> personal_id::digits() const noexcept {
    std::array<char, digit_count> text{};
    auto rest = value_;
    for (auto place = text.rbegin(); place != text.rend(); ++place, rest /= 10)
        *place = static_cast<char>('0' + rest % 10);
    return text;
}

std::string personal_id::to_string() const {
    const auto text = digits();
    return {text.data(), text.size()};
}

}  // namespace xacthuc::inline v0_1
