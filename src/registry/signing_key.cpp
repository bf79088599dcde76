// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <cstring>
#include <xacthuc/registry/signing_key.hpp>

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
    return save_public_key(signing_files, path, std::span{*pair_}.last<32>());
}

ed25519::public_key signing_key::public_key() const noexcept {
    ed25519::public_key key;
    std::memcpy(key.bytes.data(), pair_->data() + 32, sizeof key);
    return key;
}

ed25519::signature signing_key::sign(std::span<const std::uint8_t> message) const noexcept {
    ed25519::signature made;
    crypto_sign_detached(made.bytes.data(), nullptr, message.data(), message.size(),
                         reinterpret_cast<const unsigned char*>(pair_->data()));
    return made;
}

detailed_result<ed25519::public_key> load_signing_public_key(const std::filesystem::path& path) {
    const auto bytes = load_public_key(signing_files, path);
    if (!bytes) return bytes.error();
    ed25519::public_key key;
    std::memcpy(key.bytes.data(), bytes->data(), sizeof key);
    return key;
}

}  // namespace xacthuc::inline v0_1
