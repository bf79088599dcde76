// SPDX-License-Identifier: Apache-2.0
#include "http_fields/content_digest.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "http_fields/structured_field.hpp"

namespace xacthuc::inline v0_1 {
namespace {

[[nodiscard]] const unsigned char* octets_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

[[nodiscard]] bool is_digest_right(std::string_view algorithm, std::string_view base64, std::string_view body,
                                   sha256_of_text sha256) {
    // Each hash is written in one way, so the texts can be compared.
    if (algorithm == "sha-256") {
        const auto hash = sha256(body);
        return base64 == base64_of_octets(hash.data(), hash.size());
    }
    std::array<unsigned char, crypto_hash_sha512_BYTES> hash;
    crypto_hash_sha512(hash.data(), octets_of(body), body.size());
    return base64 == base64_of_octets(hash.data(), hash.size());
}

}  // namespace

std::string base64_of_octets(const void* bytes, std::size_t size) {
    std::string text(sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), static_cast<const unsigned char*>(bytes), size,
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}

std::array<std::byte, 32> sodium_sha256(std::string_view text) {
    static_assert(crypto_hash_sha256_BYTES == 32);
    std::array<std::byte, 32> hash;
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()), octets_of(text), text.size());
    return hash;
}

bool is_content_digest_right(std::string_view header, std::string_view body, sha256_of_text sha256) {
    constexpr std::array<std::string_view, 2> known{"sha-256", "sha-512"};
    std::array<bool, known.size()> seen{};
    field_cursor cursor{header};
    do {
        const auto algorithm = cursor.take_key();
        if (!algorithm || !cursor.take('=')) return false;
        const auto base64 = cursor.take_base64();
        if (!base64) return false;
        const auto place = static_cast<std::size_t>(std::ranges::find(known, *algorithm) - known.begin());
        if (place == known.size()) continue;
        if (std::exchange(seen[place], true) || !is_digest_right(*algorithm, *base64, body, sha256)) return false;
    } while (cursor.take_comma());
    return cursor.is_at_end() && (seen[0] || seen[1]);
}

void append_content_digest(std::string& to, std::string_view body, sha256_of_text sha256) {
    const auto hash = sha256(body);
    to += "sha-256=:";
    to += base64_of_octets(hash.data(), hash.size());
    to += ':';
}

}  // namespace xacthuc::inline v0_1
