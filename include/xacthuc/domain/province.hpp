// SPDX-License-Identifier: Apache-2.0
// The two province tables: codes in personal ids (63 provinces, three digits) and codes of residence since 2025-07-01
// (34, two digits). They are different codes: seven two-digit codes of 2025 mean another province than the same digits
// in a personal id.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

// A province as personal ids name it.
struct pin_province {
    std::uint16_t code;
    std::string_view name;
    std::uint32_t population_2019_thousand;
};

// A province of residence.
struct province {
    std::uint16_t code;
    std::string_view name;
    std::string_view kind;  // "city" or "province"
};

// Ordered by code.
// Source: data/pin-provinces.csv; Circular 07/2016/TT-BCA, annex; census of 2019.
[[nodiscard]] XACTHUC_API std::span<const pin_province> pin_provinces() noexcept;
// Ordered by code.
// Source: data/provinces-2025.csv; Decision 19/2025/QĐ-TTg.
[[nodiscard]] XACTHUC_API std::span<const province> provinces() noexcept;

// Empty when no province has the code.
[[nodiscard]] XACTHUC_API std::string_view pin_province_name(unsigned code) noexcept;
[[nodiscard]] XACTHUC_API std::string_view province_name(unsigned code) noexcept;

}  // namespace xacthuc::inline v0_1
