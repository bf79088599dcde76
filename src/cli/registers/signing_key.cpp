// SPDX-License-Identifier: Apache-2.0
#include "cli/registers/signing_key.hpp"

#include <sodium.h>

#include <cstring>

#include "cli/exit_code.hpp"

namespace xacthuc::cli {
namespace {

constexpr key_file_kind signing_files{"xacthuc-signing-public-1", "xacthuc-signing-secret-1", "a signer's"};

}  // namespace

signing_key signing_key::load(const std::string& secret_file) {
    return signing_key{take(load_secret_key(signing_files, secret_file))};
}

void signing_key::save_secret(const std::string& path) const {
    take(save_secret_key(signing_files, path, *pair_));
}

void signing_key::save_public(const std::string& path) const {
    take(save_public_key(signing_files, path, std::span{*pair_}.last<32>()));
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

}  // namespace xacthuc::cli
