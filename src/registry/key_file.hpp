// SPDX-License-Identifier: Apache-2.0
// Ed25519 keys as one line of text, in files that say by a tag what the key is for.
//
//   <public tag> <64 hexadecimal digits>
//   <secret tag> <64 hexadecimal digits of the seed> <64 of the public key>
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/domain/public_key.hpp>

namespace xacthuc::inline v0_1 {

struct key_file_kind {
    std::string_view public_tag;
    std::string_view secret_tag;
    std::string_view whose;  // for messages: "an authority's"
};

// Seed and public key, as libsodium has them, in secret memory.
using secret_key_bytes = std::array<std::byte, 64>;
using secret_key_data = std::shared_ptr<const secret_key_bytes>;
[[nodiscard]] public_key public_half_of(const secret_key_bytes& pair) noexcept;

// The pair that belongs to a seed; a new one from the operating system's generator.
[[nodiscard]] secret_key_data key_pair_of_seed(std::span<const std::byte, 32> seed);
[[nodiscard]] secret_key_data new_key_pair();

[[nodiscard]] bool parse_key_digits(std::string_view digits, std::span<std::byte, 32> bytes) noexcept;
[[nodiscard]] std::string key_digits_of(std::span<const std::byte, 32> bytes);

// Errors: not_found; io; damaged_header when it is not a whole file of this kind. Of secret keys also file_permissions
// when anybody but the owner has any right to the file, and checksum_mismatch when the public key is not the seed's.
[[nodiscard]] detailed_result<public_key> load_public_key(const key_file_kind& kind, const std::filesystem::path& path);
[[nodiscard]] detailed_result<secret_key_data> load_secret_key(const key_file_kind& kind,
                                                               const std::filesystem::path& path);

// Write a new file, a secret one with mode 0600, synced with its directory; never over one that is there.
// Errors: already_exists; io; disk_full.
[[nodiscard]] detailed_result<void> save_public_key(const key_file_kind& kind, const std::filesystem::path& path,
                                                    const public_key& key);
[[nodiscard]] detailed_result<void> save_secret_key(const key_file_kind& kind, const std::filesystem::path& path,
                                                    const secret_key_bytes& key);

}  // namespace xacthuc::inline v0_1
