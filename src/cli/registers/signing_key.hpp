// SPDX-License-Identifier: Apache-2.0
// A key pair that signs requests, an account's or an agency's, as keygen writes it to two files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <xacthuc/ed25519/public_key.hpp>
#include <xacthuc/ed25519/signature.hpp>

#include "registry/key_file.hpp"

namespace xacthuc::cli {

class signing_key {
  public:
    [[nodiscard]] static signing_key generate() { return signing_key{new_key_pair()}; }
    // Throws command_error.
    [[nodiscard]] static signing_key load(const std::string& secret_file);

    // Write new files, the secret one readable by its owner only. Throw command_error, also where there is such a file.
    void save_secret(const std::string& path) const;
    void save_public(const std::string& path) const;

    [[nodiscard]] ed25519::public_key public_key() const noexcept;
    [[nodiscard]] ed25519::signature sign(std::span<const std::uint8_t> message) const noexcept;

  private:
    explicit signing_key(secret_key_data pair) : pair_{std::move(pair)} {}

    secret_key_data pair_;
};

}  // namespace xacthuc::cli
