// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <xacthuc/registry/signing_key.hpp>

#include "domain/octets.hpp"
#include "registry/key_file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr key_file_kind signing_files{"xacthuc-signing-public-1", "xacthuc-signing-secret-1", "a signer's"};

}  // namespace

signing_key signing_key::generate() {
    return signing_key{new_key_pair()};
}

detailed_result<signing_key> signing_key::load(const std::filesystem::path& path) {
    auto pair = load_secret_key(signing_files, path);
    if (!pair) return pair.error();
    return signing_key{*std::move(pair)};
}

detailed_result<void> signing_key::save(const std::filesystem::path& path) const {
    return save_secret_key(signing_files, path, *pair_);
}

detailed_result<void> signing_key::save_public(const std::filesystem::path& path) const {
    return save_public_key(signing_files, path, public_half_of(*pair_));
}

public_key signing_key::public_key() const noexcept {
    return public_half_of(*pair_);
}

ed25519::signature signing_key::sign(std::span<const std::byte> message) const noexcept {
    ed25519::signature made;
    crypto_sign_detached(octets(made.bytes), nullptr, octets(message), message.size(), octets(*pair_));
    return made;
}

detailed_result<public_key> load_signing_public_key(const std::filesystem::path& path) {
    return load_public_key(signing_files, path);
}

}  // namespace xacthuc::inline v0_1
