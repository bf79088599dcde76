// SPDX-License-Identifier: Apache-2.0
// The secret under which a registry digests names. Without it a stolen snapshot gives no names; with it anybody can try
// names one by one. It is made once for a registry and kept in a file of its own. A registry without it is lost.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/visibility.hpp>

namespace xacthuc::inline v0_1 {

inline constexpr std::size_t digest_key_bytes = 16;

// A 128-bit SipHash-2-4 key. It lies in memory that is locked and kept out of core dumps where the system allows
// (secret_protection.hpp), is shared by all copies, and is wiped with the last of them. Making one throws bad_alloc
// when there is no such memory.
class digest_key {
  public:
    // A new random key, from the operating system's generator.
    // Concurrency: any thread.
    [[nodiscard]] XACTHUC_API static digest_key generate();

    // The key of these bytes.
    [[nodiscard]] XACTHUC_API static digest_key from_bytes(std::span<const std::byte, digest_key_bytes> bytes);

    // Reads a key that save() wrote.
    // Errors: not_found; io; file_permissions when anybody but the owner has any right to the file; damaged_header when
    // it is not a whole key file, checksum_mismatch when the key in it does not have the fingerprint written beside it.
    [[nodiscard]] XACTHUC_API static detailed_result<digest_key> load(const std::filesystem::path& path);

    // Concurrency: any thread. A key that is moved from stays as it is.
    digest_key(const digest_key&) noexcept = default;
    digest_key& operator=(const digest_key&) noexcept = default;
    ~digest_key() = default;

    // Writes the key to a new file, mode 0600, synced together with its directory. When it returns without an error,
    // the key is there even after a power cut. After an error no new file has that name. A key file is never
    // overwritten: every name of its registry would be lost with it.
    // Errors: already_exists; io; disk_full.
    [[nodiscard]] XACTHUC_API detailed_result<void> save(const std::filesystem::path& path) const;

    // The key itself, to be guarded.
    [[nodiscard]] std::span<const std::byte, digest_key_bytes> bytes() const noexcept { return *bytes_; }

    // A public number by which a snapshot says which key it needs; it tells nothing about the key.
    [[nodiscard]] XACTHUC_API std::uint64_t fingerprint() const noexcept;

    // SipHash-2-4 of the message. Its first byte keeps the uses of one key apart: canonical names (exact and folded)
    // start with 0x20 or above, the fingerprint's message with 0x02.
    // Complexity: linear in the message.
    // Concurrency: wait-free.
    [[nodiscard]] XACTHUC_API std::uint64_t hash(std::string_view message) const noexcept;

  private:
    using key_bytes = std::array<std::byte, digest_key_bytes>;
    explicit digest_key(std::shared_ptr<const key_bytes> bytes) noexcept : bytes_{std::move(bytes)} {}

    std::shared_ptr<const key_bytes> bytes_;
};

}  // namespace xacthuc::inline v0_1
