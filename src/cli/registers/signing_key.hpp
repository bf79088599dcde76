// SPDX-License-Identifier: Apache-2.0
// A key pair that signs requests, an account's or an agency's, as keygen writes it to two files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <xacthuc/ed25519/public_key.hpp>
#include <xacthuc/ed25519/signature.hpp>
#include <xacthuc/registry/signing_key.hpp>

namespace xacthuc::cli {

// As the library has it, with the command's errors.
class signing_key {
  public:
    [[nodiscard]] static signing_key generate() { return signing_key{xacthuc::signing_key::generate()}; }
    // Throws command_error.
    [[nodiscard]] static signing_key load(const std::string& secret_file);

    // Write new files, the secret one readable by its owner only. Throw command_error, also where there is such a file.
    void save_secret(const std::string& path) const;
    void save_public(const std::string& path) const;

    [[nodiscard]] ed25519::public_key public_key() const noexcept { return of_.public_key(); }
    [[nodiscard]] ed25519::signature sign(std::span<const std::uint8_t> message) const noexcept {
        return of_.sign(message);
    }

  private:
    explicit signing_key(xacthuc::signing_key of) : of_{std::move(of)} {}

    xacthuc::signing_key of_;
};

}  // namespace xacthuc::cli
