// SPDX-License-Identifier: Apache-2.0
// The constants of edwards25519, as 64-bit words or as five limbs of 51 bits, lowest first.
// Source: RFC 8032, section 5.1.
#pragma once

#include <cstdint>

namespace xacthuc::inline v0_1::ed25519 {

inline constexpr unsigned limb51_count = 5;
inline constexpr std::uint64_t limb51_mask = (std::uint64_t{1} << 51) - 1;

// d of the curve equation -x^2 + y^2 = 1 + d x^2 y^2, and 2d.
inline constexpr std::uint64_t curve_d51[5] = {0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb,
                                               0x52036cee2b6ff};
inline constexpr std::uint64_t curve_2d51[5] = {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977,
                                                0x2406d9dc56dff};
// A square root of -1.
inline constexpr std::uint64_t sqrt_of_minus_one51[5] = {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60,
                                                         0x78595a6804c9e, 0x2b8324804fc1d};
inline constexpr std::uint64_t zero51[5] = {0, 0, 0, 0, 0};
inline constexpr std::uint64_t one51[5] = {1, 0, 0, 0, 0};

// The base point.
inline constexpr std::uint64_t base_x51[5] = {0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d, 0x1ff60527118fe,
                                              0x216936d3cd6e5};
inline constexpr std::uint64_t base_y51[5] = {0x6666666666658, 0x4cccccccccccc, 0x1999999999999, 0x3333333333333,
                                              0x6666666666666};

// The order of the base point.
inline constexpr std::uint64_t order[4] = {0x5812631a5cf5d3ed, 0x14def9dea2f79cd6, 0, 0x1000000000000000};

// The y of the points whose order divides 8; 0 and the two in the middle belong to two points each.
inline constexpr std::uint64_t small_order_y[5][4] = {
    {0, 0, 0, 0},
    {1, 0, 0, 0},
    {0xb027b2c28f95e826, 0xf098eff289f4c345, 0x3933c6d305acdfd5, 0x05fc536d880238b1},
    {0x4fd84d3d706a17c7, 0x0f67100d760b3cba, 0xc6cc392cfa53202a, 0x7a03ac9277fdc74e},
    {0xffffffffffffffec, 0xffffffffffffffff, 0xffffffffffffffff, 0x7fffffffffffffff}};

}  // namespace xacthuc::inline v0_1::ed25519
