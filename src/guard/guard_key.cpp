// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <xacthuc/guard/guard_key.hpp>

#include "domain/secret_memory.hpp"

namespace xacthuc::inline v0_1 {
namespace {

static_assert(guard_key_bytes == crypto_shorthash_KEYBYTES + 16);

[[nodiscard]] std::uint64_t sip_hash(std::span<const unsigned char> message, const std::byte* key) noexcept {
    std::array<unsigned char, crypto_shorthash_BYTES> digest;
    crypto_shorthash(digest.data(), message.data(), message.size(), reinterpret_cast<const unsigned char*>(key));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < digest.size(); ++i) value |= std::uint64_t{digest[i]} << (8 * i);
    return value;
}

}  // namespace

guard_key guard_key::generate() {
    const auto bytes = make_secret<key_bytes>();
    randombytes_buf(bytes->data(), bytes->size());
    return guard_key{bytes};
}

guard_key guard_key::from_bytes(std::span<const std::byte, guard_key_bytes> bytes) {
    const auto own = make_secret<key_bytes>();
    std::ranges::copy(bytes, own->begin());
    return guard_key{own};
}

subject_place guard_key::places() const noexcept {
    subject_place place;
    std::memcpy(&place.first, bytes_->data() + crypto_shorthash_KEYBYTES, 8);
    std::memcpy(&place.second, bytes_->data() + crypto_shorthash_KEYBYTES + 8, 8);
    place.start = place.first ^ place.second >> 1;
    // Odd, so that no two citizens have one place.
    place.first |= 1U;
    place.second |= 1U;
    return place;
}

std::uint64_t guard_key::fingerprint(std::uint64_t number, std::span<const std::byte, 16> bytes) const noexcept {
    std::array<unsigned char, 24> message;
    for (std::size_t i = 0; i < 8; ++i) message[i] = static_cast<unsigned char>(number >> (8 * i));
    std::memcpy(message.data() + 8, bytes.data(), bytes.size());
    return sip_hash(message, bytes_->data());
}

std::uint64_t guard_key::check() const noexcept {
    // Of all 32 bytes, under a key that is the first 16 of them: a message of a length that no fingerprint's has.
    std::array<unsigned char, guard_key_bytes> message;
    std::memcpy(message.data(), bytes_->data(), message.size());
    const auto value = sip_hash(message, bytes_->data());
    sodium_memzero(message.data(), message.size());
    return value;
}

}  // namespace xacthuc::inline v0_1
