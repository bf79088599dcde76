// SPDX-License-Identifier: Apache-2.0
// The registry's authority: the Ed25519 key pair that vouches for a snapshot. The secret key stays with whoever
// writes the register; every machine that only serves needs the public key alone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/public_key.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t authority_signature_bytes = 64;
using authority_signature = std::array<std::byte, authority_signature_bytes>;

// Whom to trust. Files of it are one line of text: xacthuc-authority-public-1 <64 hexadecimal digits>
class authority_public_key {
  public:
    // Whether it is a key shows when a signature is verified.
    explicit authority_public_key(const public_key& key) noexcept : key_{key} {}
    // Reads 64 hexadecimal digits.
    // Errors: key_length, when it is anything else.
    [[nodiscard]] XACTHUC_API static result<authority_public_key> parse(std::string_view digits) noexcept;

    // Errors: not_found; io; damaged_header when it is not a whole public key file.
    [[nodiscard]] XACTHUC_API static detailed_result<authority_public_key> load(const std::filesystem::path& path);
    // Writes a new file, synced with its directory.
    // Errors: already_exists; io; disk_full.
    [[nodiscard]] XACTHUC_API detailed_result<void> save(const std::filesystem::path& path) const;

    [[nodiscard]] const public_key& key() const noexcept { return key_; }
    // The 64 hexadecimal digits that parse() reads.
    [[nodiscard]] XACTHUC_API std::string text() const;
    // Whether the authority signed this message.
    // Concurrency: wait-free.
    // Source: RFC 8032, with the stricter rule of libsodium 1.0.18 on small orders and canonical encodings.
    [[nodiscard]] XACTHUC_API bool verifies(std::span<const std::byte> message,
                                            const authority_signature& signature) const noexcept;

    friend bool operator==(const authority_public_key&, const authority_public_key&) = default;

  private:
    public_key key_;
};

// The pair. It lies in memory that is locked and kept out of core dumps where the system allows
// (secret_protection.hpp), is shared by all copies, and is wiped with the last of them. Making one throws bad_alloc
// when there is no such memory. Files of it are one line of text: xacthuc-authority-secret-1 <64 hexadecimal digits of
// the seed> <64 of the public key>
class authority_key {
  public:
    // A new pair, from the operating system's generator.
    [[nodiscard]] XACTHUC_API static authority_key generate();
    // The pair that belongs to this 32-byte seed.
    [[nodiscard]] XACTHUC_API static authority_key from_seed(std::span<const std::byte, 32> seed);

    // Errors: not_found; io; file_permissions when anybody but the owner has any right to the file; damaged_header when
    // it is not a whole secret key file; checksum_mismatch when the public key in it is not the seed's.
    [[nodiscard]] XACTHUC_API static detailed_result<authority_key> load(const std::filesystem::path& path);
    // Writes a new file, mode 0600, synced with its directory; never over one that is there.
    // Errors: already_exists; io; disk_full.
    [[nodiscard]] XACTHUC_API detailed_result<void> save(const std::filesystem::path& path) const;

    authority_key(const authority_key&) noexcept = default;
    authority_key& operator=(const authority_key&) noexcept = default;
    ~authority_key() = default;

    // The half that is given to those who read snapshots.
    [[nodiscard]] XACTHUC_API authority_public_key public_key() const noexcept;
    // Deterministic: the same message always gets the same signature.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API authority_signature sign(std::span<const std::byte> message) const noexcept;

  private:
    using pair_bytes = std::array<std::byte, 64>;  // seed and public key, as libsodium has them
    explicit authority_key(std::shared_ptr<const pair_bytes> pair) noexcept : pair_{std::move(pair)} {}

    std::shared_ptr<const pair_bytes> pair_;
};

}  // namespace xacthuc::inline v0_1
