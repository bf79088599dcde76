// SPDX-License-Identifier: Apache-2.0
// A key pair that signs requests, an account's or an agency's, or answers, the service's; as xacthuc keygen writes it:
//
//   <name>.key    xacthuc-signing-secret-1 <64 hexadecimal digits of the seed> <64 of the public key>
//   <name>.pub    xacthuc-signing-public-1 <64 hexadecimal digits>
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/domain/visibility.hpp>
#include <xacthuc/ed25519/signature.hpp>

namespace xacthuc::inline v0_1 {

// The pair. It lies in memory that is locked and kept out of core dumps where the system allows
// (secret_protection.hpp), is shared by all copies, and is wiped with the last of them. Making one throws bad_alloc
// when there is no such memory.
class signing_key {
  public:
    // A new pair, from the operating system's generator.
    [[nodiscard]] XACTHUC_API static signing_key generate();
    // Errors: not_found; io; file_permissions when anybody but the owner has any right to the file; damaged_header when
    // it is not a whole secret key file; checksum_mismatch when the public key in it is not the seed's.
    [[nodiscard]] XACTHUC_API static detailed_result<signing_key> load(const std::filesystem::path& path);

    // Writes the pair to a new file, mode 0600, synced with its directory; never over one that is there.
    // Errors: already_exists; io; disk_full.
    [[nodiscard]] XACTHUC_API detailed_result<void> save(const std::filesystem::path& path) const;
    // Writes the public key, likewise.
    // Errors: already_exists; io; disk_full.
    [[nodiscard]] XACTHUC_API detailed_result<void> save_public(const std::filesystem::path& path) const;

    // The half that is given to whoever verifies.
    [[nodiscard]] XACTHUC_API xacthuc::public_key public_key() const noexcept;
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API ed25519::signature sign(std::span<const std::byte> message) const noexcept;

  private:
    using pair_bytes = std::array<std::byte, 64>;  // seed and public key, as libsodium has them
    explicit signing_key(std::shared_ptr<const pair_bytes> pair) noexcept : pair_{std::move(pair)} {}

    std::shared_ptr<const pair_bytes> pair_;
};

// The public key of a file that save_public() wrote.
// Errors: not_found; io; damaged_header when it is not a whole public key file.
[[nodiscard]] XACTHUC_API detailed_result<public_key> load_signing_public_key(const std::filesystem::path& path);

}  // namespace xacthuc::inline v0_1
