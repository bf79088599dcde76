// SPDX-License-Identifier: Apache-2.0
#include "population/residence_table.hpp"

#include <algorithm>
#include <xacthuc/domain/province.hpp>

#include "population/shares.hpp"

namespace xacthuc::inline v0_1 {
namespace {

struct merger {
    std::uint16_t pin_code;
    std::uint16_t code;
};

// Codes of personal ids whose province went into one with another code on 2025-07-01. Those not named here live on
// under the same digits. Source: Resolution 202/2025/QH15.
constexpr merger mergers[] = {
    {2, 8},              // Hà Giang: Tuyên Quang
    {6, 19},             // Bắc Kạn: Thái Nguyên
    {10, 15},            // Lào Cai and Yên Bái: Lào Cai, with the digits that Yên Bái has in personal ids
    {17, 25}, {26, 25},  // Hòa Bình, Vĩnh Phúc: Phú Thọ
    {27, 24},            // Bắc Giang and Bắc Ninh: Bắc Ninh, with Bắc Giang's digits
    {30, 31},            // Hải Dương: Hải Phòng
    {34, 33},            // Thái Bình: Hưng Yên
    {35, 37}, {36, 37},  // Hà Nam, Nam Định: Ninh Bình
    {45, 44},            // Quảng Bình and Quảng Trị: Quảng Trị, with Quảng Bình's digits
    {49, 48},            // Quảng Nam: Đà Nẵng
    {62, 51},            // Kon Tum: Quảng Ngãi
    {64, 52},            // Bình Định and Gia Lai: Gia Lai, with Bình Định's digits
    {58, 56},            // Ninh Thuận: Khánh Hòa
    {54, 66},            // Phú Yên: Đắk Lắk
    {60, 68}, {67, 68},  // Bình Thuận, Đắk Nông: Lâm Đồng
    {70, 75},            // Bình Phước: Đồng Nai
    {74, 79}, {77, 79},  // Bình Dương, Bà Rịa - Vũng Tàu: Hồ Chí Minh
    {72, 80},            // Tây Ninh and Long An: Tây Ninh, with Long An's digits
    {87, 82},            // Tiền Giang and Đồng Tháp: Đồng Tháp, with Tiền Giang's digits
    {83, 86}, {84, 86},  // Bến Tre, Trà Vinh: Vĩnh Long
    {89, 91},            // An Giang and Kiên Giang: An Giang, with Kiên Giang's digits
    {93, 92}, {94, 92},  // Hậu Giang, Sóc Trăng: Cần Thơ
    {95, 96},            // Bạc Liêu: Cà Mau
};

[[nodiscard]] std::uint16_t successor_code(std::uint16_t pin_code) noexcept {
    const auto found = std::ranges::find(mergers, pin_code, &merger::pin_code);
    return found == std::ranges::end(mergers) ? pin_code : found->code;
}

}  // namespace

const residence_table& residence_table::instance() {
    static const residence_table table;
    return table;
}

residence_table::residence_table() {
    for (const auto& row : provinces()) provinces_.push_back({row.code, 0, 0});
    std::uint64_t total = 0;
    for (const auto& row : pin_provinces()) {
        const auto found = std::ranges::find(provinces_, successor_code(row.code), &place::code);
        rows_.push_back(static_cast<std::uint8_t>(found - provinces_.begin()));
        found->population_thousand += row.population_2019_thousand;
        total += row.population_2019_thousand;
    }
    std::uint64_t before = 0;
    std::size_t slot = 0;
    for (std::size_t row = 0; row < provinces_.size(); ++row) {
        auto& p = provinces_[row];
        p.wards = static_cast<std::uint32_t>(std::uint64_t{shares::wards_total} * p.population_thousand / total) + 1;
        before += p.population_thousand;
        for (; slot < slots_.size() * before / total; ++slot) slots_[slot] = static_cast<std::uint8_t>(row);
    }
}

residence residence_table::in_row(std::size_t row, random_stream& random) const noexcept {
    const auto& p = provinces_[row];
    return {p.code, p.code * shares::ward_code_step + 1 + random.below(p.wards)};
}

const residence_table::place& residence_table::with_code(std::uint32_t code) const noexcept {
    return *std::ranges::find(provinces_, code, &place::code);
}

std::uint32_t residence_table::other_ward(const residence& of, random_stream& random) const noexcept {
    const auto first = of.province * shares::ward_code_step + 1;
    const auto wards = with_code(of.province).wards;
    return first + (of.ward - first + 1 + random.below(wards - 1)) % wards;
}

std::uint32_t residence_table::population_thousand(std::uint32_t code) const noexcept {
    return with_code(code).population_thousand;
}

std::uint32_t residence_table::wards(std::uint32_t code) const noexcept {
    return with_code(code).wards;
}

}  // namespace xacthuc::inline v0_1
