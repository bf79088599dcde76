// SPDX-License-Identifier: Apache-2.0
// The secret of one day. The salts of the day's rows are made of it and stored nowhere, and the files that have the
// day's rows are encrypted with it: without it nothing of the day can be opened, and what the public log says stays
// true.
//
// In a file of its own, day-keys/<day>.key: "xt-day-key-1" and a line feed, 13 bytes, then the 32 bytes of the key.
// From it, by crypto_kdf of libsodium with the context "xt-day-1": 1 salts, 2 contexts, 3 files, 4 accesses.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <xacthuc/domain/error.hpp>
#include <xacthuc/ledger/row.hpp>

#include "files/file.hpp"

namespace xacthuc::inline v0_1 {

class day_key {
  public:
    static constexpr std::size_t key_bytes = 32;
    static constexpr std::size_t nonce_bytes = 24;
    using cipher_nonce = std::array<std::byte, nonce_bytes>;

    [[nodiscard]] static day_key from_bytes(std::span<const std::byte, key_bytes> bytes);
    // Errors: not_found; io; file_permissions; damaged_header.
    [[nodiscard]] static detailed_result<day_key> load(const file_calls& calls, const std::filesystem::path& path);
    // A new one, on the disk before it is used. Errors: already_exists; io; disk_full.
    [[nodiscard]] static detailed_result<day_key> create(const file_calls& calls, const std::filesystem::path& path);

    // The salts of rows from a place of the day on, 16 bytes a row: ChaCha20's stream from byte 16 × place.
    void salts(std::uint64_t first_place, std::span<std::byte> to) const noexcept;
    // What hides the contexts of the group whose first row has this place.
    [[nodiscard]] std::array<std::byte, 32> context_secret(std::uint64_t first_place) const noexcept;
    // What the day's entries in segments of accesses are encrypted with.
    [[nodiscard]] std::array<std::byte, 32> access_secret() const noexcept;
    // Encrypts or decrypts in place: XChaCha20.
    void cipher(const cipher_nonce& nonce, std::span<std::byte> bytes) const noexcept;
    [[nodiscard]] static cipher_nonce new_nonce() noexcept;

  private:
    struct secrets {
        std::array<unsigned char, 32> salts;
        std::array<unsigned char, 32> contexts;
        std::array<unsigned char, 32> files;
        std::array<unsigned char, 32> accesses;
    };
    explicit day_key(std::shared_ptr<const secrets> of) noexcept : secrets_{std::move(of)} {}

    std::shared_ptr<const secrets> secrets_;
};

}  // namespace xacthuc::inline v0_1
