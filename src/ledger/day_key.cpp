// SPDX-License-Identifier: Apache-2.0
#include "ledger/day_key.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <string_view>

#include "domain/secret_memory.hpp"
#include "ledger/secret_file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view day_key_tag = "xt-day-key-1\n";

constexpr std::size_t block_bytes = 64;  // of ChaCha20
constexpr std::uint64_t rows_a_block = block_bytes / row_salt_bytes;

[[nodiscard]] unsigned char* plain(std::byte* bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes);
}
[[nodiscard]] const unsigned char* plain(const std::byte* bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes);
}

void stream_from(const std::array<unsigned char, 32>& key, std::uint64_t block, std::span<std::byte> to) noexcept {
    static constexpr std::array<unsigned char, crypto_stream_chacha20_NONCEBYTES> nonce{};
    std::ranges::fill(to, std::byte{0});
    crypto_stream_chacha20_xor_ic(plain(to.data()), plain(to.data()), to.size(), nonce.data(), block, key.data());
}

}  // namespace

static_assert(day_key::key_bytes == crypto_kdf_KEYBYTES);
static_assert(day_key::nonce_bytes == crypto_stream_xchacha20_NONCEBYTES);

day_key day_key::from_bytes(std::span<const std::byte, key_bytes> bytes) {
    const auto own = make_secret<secrets>();
    std::uint64_t number = 0;
    for (auto* each : {&own->salts, &own->contexts, &own->files, &own->accesses})
        crypto_kdf_derive_from_key(each->data(), each->size(), ++number, "xt-day-1", plain(bytes.data()));
    return day_key{own};
}

detailed_result<day_key> day_key::load(const file_calls& calls, const std::filesystem::path& path) {
    const auto secret = load_secret(calls, path, day_key_tag);
    if (!secret) return secret.error();
    return from_bytes(**secret);
}

detailed_result<day_key> day_key::create(const file_calls& calls, const std::filesystem::path& path) {
    const auto secret = create_secret(calls, path, day_key_tag);
    if (!secret) return secret.error();
    return from_bytes(**secret);
}

void day_key::salts(std::uint64_t first_place, std::span<std::byte> to) const noexcept {
    // The first rows may begin inside of a block.
    if (const auto inside = first_place % rows_a_block; inside != 0) {
        std::array<std::byte, block_bytes> block;
        stream_from(secrets_->salts, first_place / rows_a_block, block);
        const auto wanted = std::min(to.size(), block_bytes - inside * row_salt_bytes);
        std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(inside * row_salt_bytes), wanted, to.begin());
        to = to.subspan(wanted);
        first_place += rows_a_block - inside;
    }
    if (!to.empty()) stream_from(secrets_->salts, first_place / rows_a_block, to);
}

std::array<std::byte, 32> day_key::context_secret(std::uint64_t first_place) const noexcept {
    std::array<std::byte, 32> secret;
    stream_from(secrets_->contexts, first_place, secret);
    return secret;
}

std::array<std::byte, 32> day_key::access_secret() const noexcept {
    return std::bit_cast<std::array<std::byte, 32>>(secrets_->accesses);
}

void day_key::cipher(const cipher_nonce& nonce, std::span<std::byte> bytes) const noexcept {
    crypto_stream_xchacha20_xor(plain(bytes.data()), plain(bytes.data()), bytes.size(), plain(nonce.data()),
                                secrets_->files.data());
}

day_key::cipher_nonce day_key::new_nonce() noexcept {
    cipher_nonce nonce;
    randombytes_buf(nonce.data(), nonce.size());
    return nonce;
}

}  // namespace xacthuc::inline v0_1
