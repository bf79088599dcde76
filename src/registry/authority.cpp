// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <cstdlib>
#include <xacthuc/registry/authority.hpp>

#include "domain/octets.hpp"
#include "registry/key_file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

static_assert(authority_signature_bytes == crypto_sign_BYTES);

constexpr key_file_kind authority_files{"xacthuc-authority-public-1", "xacthuc-authority-secret-1", "an authority's"};

void ready() noexcept {
    // Without a source of randomness there is no libsodium, and nothing a caller could do instead.
    if (sodium_init() < 0) std::abort();
}

}  // namespace

result<authority_public_key> authority_public_key::parse(std::string_view digits) noexcept {
    public_key key;
    if (!parse_key_digits(digits, key.bytes)) return errc::key_length;
    return authority_public_key{key};
}

detailed_result<authority_public_key> authority_public_key::load(const std::filesystem::path& path) {
    const auto key = load_public_key(authority_files, path);
    if (!key) return key.error();
    return authority_public_key{*key};
}

detailed_result<void> authority_public_key::save(const std::filesystem::path& path) const {
    return save_public_key(authority_files, path, key_);
}

std::string authority_public_key::text() const {
    return key_digits_of(key_.bytes);
}

bool authority_public_key::verifies(std::span<const std::byte> message,
                                    const authority_signature& signature) const noexcept {
    ready();
    return crypto_sign_verify_detached(octets(signature), octets(message), message.size(), octets(key_.bytes)) == 0;
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
    return authority_public_key{public_half_of(*pair_)};
}

authority_signature authority_key::sign(std::span<const std::byte> message) const noexcept {
    ready();
    authority_signature signature;
    crypto_sign_detached(octets(signature), nullptr, octets(message), message.size(), octets(*pair_));
    return signature;
}

}  // namespace xacthuc::inline v0_1
