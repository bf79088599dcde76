// SPDX-License-Identifier: Apache-2.0
#include "note/base64.hpp"

#include <sodium.h>

namespace xacthuc::inline v0_1 {

std::string base64_of(std::span<const std::uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the zero that ends it
    return text;
}

std::optional<std::vector<std::uint8_t>> bytes_of_base64(std::string_view base64) {
    std::vector<std::uint8_t> bytes(base64.size() / 4 * 3 + 3);
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(bytes.data(), bytes.size(), base64.data(), base64.size(), nullptr, &size, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != base64.data() + base64.size())
        return std::nullopt;
    bytes.resize(size);
    // libsodium takes some bytes above 0x7f for digits.
    if (base64_of(bytes) != base64) return std::nullopt;
    return bytes;
}

}  // namespace xacthuc::inline v0_1
