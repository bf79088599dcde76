// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <xacthuc/registry/authority.hpp>

#include "registry/key_file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

static_assert(authority_public_key_bytes == sizeof(public_key_data));
static_assert(authority_signature_bytes == crypto_sign_BYTES);

constexpr key_file_kind authority_files{"xacthuc-authority-public-1", "xacthuc-authority-secret-1", "an authority's"};

[[nodiscard]] const unsigned char* raw(const std::byte* bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes);
}

void ready() noexcept {
    // Without a source of randomness there is no libsodium, and nothing a caller could do instead.
    if (sodium_init() < 0) std::abort();
}

}  // namespace

authority_public_key authority_public_key::from_bytes(
    std::span<const std::byte, authority_public_key_bytes> bytes) noexcept {
    authority_public_key key;
    std::ranges::copy(bytes, key.bytes_.begin());
    return key;
}

result<authority_public_key> authority_public_key::parse(std::string_view digits) noexcept {
    authority_public_key key;
    if (!parse_key_digits(digits, key.bytes_)) return errc::key_length;
    return key;
}

detailed_result<authority_public_key> authority_public_key::load(const std::filesystem::path& path) {
    const auto bytes = load_public_key(authority_files, path);
    if (!bytes) return bytes.error();
    return from_bytes(*bytes);
}

detailed_result<void> authority_public_key::save(const std::filesystem::path& path) const {
    return save_public_key(authority_files, path, bytes_);
}

std::string authority_public_key::text() const {
    return key_digits_of(bytes_);
}

bool authority_public_key::verifies(std::span<const std::byte> message,
                                    const authority_signature& signature) const noexcept {
    ready();
    return crypto_sign_verify_detached(raw(signature.data()), raw(message.data()), message.size(),
                                       raw(bytes_.data())) == 0;
}

authority_key authority_key::generate() {
    return authority_key{new_key_pair()};
}

authority_key authority_key::from_seed(std::span<const std::byte, 32> seed) {
    return authority_key{key_pair_of_seed(seed)};
}

detailed_result<authority_key> authority_key::load(const std::filesystem::path& path) {
    const auto pair = load_secret_key(authority_files, path);
    if (!pair) return pair.error();
    return authority_key{*pair};
}

detailed_result<void> authority_key::save(const std::filesystem::path& path) const {
    return save_secret_key(authority_files, path, *pair_);
}

authority_public_key authority_key::public_key() const noexcept {
    return authority_public_key::from_bytes(std::span{*pair_}.last<32>());
}

authority_signature authority_key::sign(std::span<const std::byte> message) const noexcept {
    ready();
    authority_signature signature;
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, raw(message.data()),
                         message.size(), raw(pair_->data()));
    return signature;
}

}  // namespace xacthuc::inline v0_1
