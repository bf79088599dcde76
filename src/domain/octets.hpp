// SPDX-License-Identifier: Apache-2.0
// Bytes as libraries that are written in C take them, where they lie.
#pragma once

#include <cstddef>
#include <iterator>

namespace xacthuc::inline v0_1 {

[[nodiscard]] inline const unsigned char* octets(const std::byte* bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes);
}
[[nodiscard]] inline unsigned char* octets(std::byte* bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes);
}
// Of an array, a span or a vector.
template <class Bytes>
requires requires(Bytes& bytes) {
    std::data(bytes);
}
[[nodiscard]] auto* octets(Bytes&& bytes) noexcept {
    return octets(std::data(bytes));
}

}  // namespace xacthuc::inline v0_1
