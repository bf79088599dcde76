// SPDX-License-Identifier: Apache-2.0
#include "note/verifier_key.hpp"

#include <sodium.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "note/base64.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::size_t key_id_digits = 8;

}  // namespace

// Spaces of every kind are refused, not only those of ASCII.
bool is_key_name(std::string_view name) noexcept {
    if (name.empty()) return false;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(name.data());
    auto left = static_cast<utf8proc_ssize_t>(name.size());
    while (left > 0) {
        utf8proc_int32_t character = 0;
        const auto size = utf8proc_iterate(at, left, &character);
        if (size <= 0) return false;
        const auto kind = utf8proc_category(character);
        if (character == '+' || kind == UTF8PROC_CATEGORY_CC || kind == UTF8PROC_CATEGORY_ZS ||
            kind == UTF8PROC_CATEGORY_ZL || kind == UTF8PROC_CATEGORY_ZP)
            return false;
        at += size;
        left -= size;
    }
    return true;
}

std::uint32_t key_id_of(std::string_view name, signature_kind kind, const public_key& key) {
    std::string named{name};
    named += '\n';
    named += static_cast<char>(kind);
    named.append(reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size());
    std::array<std::uint8_t, crypto_hash_sha256_BYTES> hash;
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(named.data()), named.size());
    return std::uint32_t{hash[0]} << 24 | std::uint32_t{hash[1]} << 16 | std::uint32_t{hash[2]} << 8 | hash[3];
}

std::string verifier_key_text(std::string_view name, signature_kind kind, const public_key& key) {
    std::array<std::byte, 1 + public_key_bytes> bytes{static_cast<std::byte>(kind)};
    std::ranges::copy(key.bytes, bytes.begin() + 1);
    constexpr std::string_view digits = "0123456789abcdef";
    const auto id = key_id_of(name, kind, key);
    auto text = std::string{name} + '+';
    for (int shift = 28; shift >= 0; shift -= 4) text += digits[id >> shift & 15U];
    return text + '+' + base64_of(bytes);
}

result<std::pair<std::string, public_key>> parse_verifier_key(std::string_view text, signature_kind kind) {
    const auto first = text.find('+');
    const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos || second - first - 1 != key_id_digits) return errc::note_key;
    const auto bytes = bytes_of_base64(text.substr(second + 1));
    public_key key;
    if (!bytes || bytes->size() != 1 + key.bytes.size() || bytes->front() != static_cast<std::byte>(kind))
        return errc::note_key;
    std::copy(bytes->begin() + 1, bytes->end(), key.bytes.begin());
    const auto name = text.substr(0, first);
    // As it is written: its own key id, without capital digits.
    if (!is_key_name(name) || verifier_key_text(name, kind, key) != text) return errc::note_key;
    return std::pair{std::string{name}, key};
}

}  // namespace xacthuc::inline v0_1
