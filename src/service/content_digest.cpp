// SPDX-License-Identifier: Apache-2.0
#include "service/content_digest.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "hash/sha256.hpp"
#include "note/base64.hpp"
#include "service/structured_field.hpp"

namespace xacthuc::inline v0_1::service {
namespace {

[[nodiscard]] std::span<const std::uint8_t> octets(const sha256_hash& hash) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(hash.data()), hash.size()};
}

[[nodiscard]] bool says(std::string_view base64, std::span<const std::uint8_t> hash) {
    const auto bytes = bytes_of_base64(base64);
    return bytes && std::ranges::equal(*bytes, hash);
}

[[nodiscard]] bool is_right(std::string_view algorithm, std::string_view base64, std::string_view body) {
    if (algorithm == "sha-256") return says(base64, octets(sha256(std::as_bytes(std::span{body}))));
    std::array<std::uint8_t, crypto_hash_sha512_BYTES> hash;
    crypto_hash_sha512(hash.data(), reinterpret_cast<const unsigned char*>(body.data()), body.size());
    return says(base64, hash);
}

}  // namespace

problem check_content_digest(std::string_view header, std::string_view body) {
    constexpr std::array<std::string_view, 2> known{"sha-256", "sha-512"};
    std::array<bool, known.size()> seen{};
    field_cursor cursor{header};
    do {
        const auto algorithm = cursor.take_key();
        if (!algorithm || !cursor.take('=')) return problem::content_digest;
        const auto base64 = cursor.take_base64();
        if (!base64) return problem::content_digest;
        const auto place = static_cast<std::size_t>(std::ranges::find(known, *algorithm) - known.begin());
        if (place == known.size()) continue;
        if (std::exchange(seen[place], true) || !is_right(*algorithm, *base64, body)) return problem::content_digest;
    } while (cursor.take_comma());
    return cursor.is_at_end() && (seen[0] || seen[1]) ? problem::none : problem::content_digest;
}

void append_content_digest(std::string& to, std::string_view body) {
    to += "sha-256=:";
    to += base64_of(octets(sha256(std::as_bytes(std::span{body}))));
    to += ':';
}

}  // namespace xacthuc::inline v0_1::service
