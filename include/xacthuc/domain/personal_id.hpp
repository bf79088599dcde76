// SPDX-License-Identifier: Apache-2.0
// The citizen's 12-digit personal identification number (số định danh cá nhân) and what its digits hint at.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/status.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// 12 decimal digits held as a number below 10^12, 40 bits. There is no check digit, and a number may disagree with the
// person's registered facts, so what the digits say is a hint and never a reason to reject.
// Source: Decree 137/2015/NĐ-CP, article 13, and Circular 59/2021/TT-BCA, article 4.
class personal_id {
  public:
    static constexpr std::size_t digit_count = 12;
    static constexpr std::uint64_t value_end = 1'000'000'000'000;

    constexpr personal_id() = default;

    // Exactly 12 ASCII digits.
    // Errors: personal_id_length, personal_id_digit, personal_id_reserved (all zeros).
    [[nodiscard]] XACTHUC_API static result<personal_id> parse(std::string_view text) noexcept;
    // Errors: code_range when value >= value_end, personal_id_reserved when it is 0.
    [[nodiscard]] XACTHUC_API static result<personal_id> from_value(std::uint64_t value) noexcept;
    // Requires: 0 < value < value_end.
    [[nodiscard]] static constexpr personal_id from_trusted(std::uint64_t value) noexcept { return personal_id{value}; }

    [[nodiscard]] constexpr std::uint64_t value() const noexcept { return value_; }
    // The 12 digits.
    [[nodiscard]] XACTHUC_API std::array<char, digit_count> digits() const noexcept;
    [[nodiscard]] XACTHUC_API std::string to_string() const;

    // Hints. The province of birth registration as its three-digit code; pin_province_name() says whether there is such
    // a code.
    [[nodiscard]] constexpr unsigned province_code() const noexcept {
        return static_cast<unsigned>(value_ / 1'000'000'000);
    }
    // The fourth digit: even is male, odd is female.
    [[nodiscard]] constexpr sex sex_hint() const noexcept { return century_digit() % 2 == 0 ? sex::male : sex::female; }
    // 1900 to 2399: the fourth digit names the century, the next two the year in it.
    [[nodiscard]] constexpr int birth_year_hint() const noexcept {
        return 1900 + static_cast<int>(century_digit() / 2) * 100 + static_cast<int>(value_ / 1'000'000 % 100);
    }
    [[nodiscard]] constexpr unsigned serial() const noexcept { return static_cast<unsigned>(value_ % 1'000'000); }

    friend constexpr auto operator<=>(personal_id, personal_id) = default;

  private:
    constexpr explicit personal_id(std::uint64_t value) noexcept : value_{value} {}
    [[nodiscard]] constexpr unsigned century_digit() const noexcept {
        return static_cast<unsigned>(value_ / 100'000'000 % 10);
    }

    std::uint64_t value_ = 0;
};

}  // namespace xacthuc::inline v0_1
