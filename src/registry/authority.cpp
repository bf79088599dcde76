// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <xacthuc/registry/authority.hpp>

#include "registry/file.hpp"

namespace xacthuc {
namespace {

static_assert(authority_public_key_bytes == crypto_sign_PUBLICKEYBYTES);
static_assert(authority_signature_bytes == crypto_sign_BYTES && crypto_sign_SECRETKEYBYTES == 64);

constexpr std::string_view public_tag = "xacthuc-authority-public-1 ";
constexpr std::string_view secret_tag = "xacthuc-authority-secret-1 ";
constexpr std::size_t key_digits = 2 * authority_public_key_bytes;
constexpr std::size_t public_text_bytes = public_tag.size() + key_digits + 1;
constexpr std::size_t secret_text_bytes = secret_tag.size() + key_digits + 1 + key_digits + 1;

// The text of a key file, wiped afterwards; a byte longer, so that a longer file is noticed.
struct key_text {
    std::array<char, secret_text_bytes + 1> bytes{};
    std::size_t size = 0;

    key_text() = default;
    key_text(const key_text&) = default;
    key_text& operator=(const key_text&) = delete;
    ~key_text() { sodium_memzero(bytes.data(), bytes.size()); }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), size}; }
};

[[nodiscard]] unsigned char* raw(std::byte* bytes) noexcept {
    return reinterpret_cast<unsigned char*>(bytes);
}
[[nodiscard]] const unsigned char* raw(const std::byte* bytes) noexcept {
    return reinterpret_cast<const unsigned char*>(bytes);
}

void ready() noexcept {
    // Without a source of randomness there is no key, and nothing a caller could do instead.
    if (sodium_init() < 0) std::abort();
}

[[nodiscard]] bool parse_digits(std::string_view digits, std::span<std::byte, 32> bytes) noexcept {
    std::size_t size = 0;
    return digits.size() == key_digits &&
           sodium_hex2bin(raw(bytes.data()), bytes.size(), digits.data(), digits.size(), nullptr, &size, nullptr) ==
               0 &&
           size == bytes.size();
}

void append_digits(key_text& text, std::span<const std::byte, 32> bytes) noexcept {
    sodium_bin2hex(text.bytes.data() + text.size, key_digits + 1, raw(bytes.data()), bytes.size());
    text.size += key_digits;
}

void append(key_text& text, std::string_view words) noexcept {
    std::ranges::copy(words, text.bytes.data() + text.size);
    text.size += words.size();
}

[[nodiscard]] detailed_result<void> write_text(const std::filesystem::path& path, const key_text& text, unsigned mode) {
    return write_new_file(system_file_calls(), path, std::as_bytes(std::span{text.bytes.data(), text.size}), mode);
}

[[nodiscard]] detailed_result<key_text> read_text(const std::filesystem::path& path, bool secret) {
    const auto file = open_file::to_read(system_file_calls(), path);
    if (!file) return file.error();
    const auto status = file->status();
    if (!status) return status.error();
    if (!status->is_regular) return failure{errc::damaged_header, path.string() + ": not a regular file"};
    if (secret && (status->mode & 0077U) != 0)
        return failure{errc::file_permissions,
                       path.string() + ": only its owner may have any right to a secret key; chmod 600 it"};
    const auto wanted = secret ? secret_text_bytes : public_text_bytes;
    if (status->size_bytes != wanted)
        return failure{errc::damaged_header, path.string() + ": a key file of this kind has " + std::to_string(wanted) +
                                                 " bytes, found " + std::to_string(status->size_bytes)};
    key_text text;
    text.size = wanted;
    if (auto done = file->read(std::as_writable_bytes(std::span{text.bytes.data(), wanted}), 0); !done)
        return done.error();
    return text;
}

}  // namespace

authority_public_key authority_public_key::from_bytes(
    std::span<const std::byte, authority_public_key_bytes> bytes) noexcept {
    authority_public_key key;
    std::ranges::copy(bytes, key.bytes_.begin());
    return key;
}

result<authority_public_key> authority_public_key::parse(std::string_view digits) noexcept {
    authority_public_key key;
    if (!parse_digits(digits, key.bytes_)) return errc::key_length;
    return key;
}

detailed_result<authority_public_key> authority_public_key::load(const std::filesystem::path& path) {
    const auto text = read_text(path, false);
    if (!text) return text.error();
    const auto line = text->view();
    authority_public_key key;
    if (!line.starts_with(public_tag) || line.back() != '\n' ||
        !parse_digits(line.substr(public_tag.size(), key_digits), key.bytes_))
        return failure{errc::damaged_header, path.string() + ": not an authority's public key file"};
    return key;
}

detailed_result<void> authority_public_key::save(const std::filesystem::path& path) const {
    key_text line;
    append(line, public_tag);
    append_digits(line, bytes_);
    append(line, "\n");
    return write_text(path, line, 0644);
}

std::string authority_public_key::text() const {
    key_text digits;
    append_digits(digits, bytes_);
    return std::string{digits.view()};
}

bool authority_public_key::verifies(std::span<const std::byte> message,
                                    const authority_signature& signature) const noexcept {
    ready();
    return crypto_sign_verify_detached(raw(signature.data()), raw(message.data()), message.size(),
                                       raw(bytes_.data())) == 0;
}

authority_key::~authority_key() {
    sodium_memzero(secret_.data(), secret_.size());
}

authority_key authority_key::generate() {
    ready();
    authority_key key;
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> unused;
    crypto_sign_keypair(unused.data(), raw(key.secret_.data()));
    return key;
}

authority_key authority_key::from_seed(std::span<const std::byte, 32> seed) noexcept {
    ready();
    authority_key key;
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> unused;
    crypto_sign_seed_keypair(unused.data(), raw(key.secret_.data()), raw(seed.data()));
    return key;
}

detailed_result<authority_key> authority_key::load(const std::filesystem::path& path) {
    const auto text = read_text(path, true);
    if (!text) return text.error();
    const auto line = text->view();
    struct wiped {
        std::array<std::byte, 32> bytes{};
        ~wiped() { sodium_memzero(bytes.data(), bytes.size()); }
    } seed;
    std::array<std::byte, 32> beside{};
    if (!line.starts_with(secret_tag) || line[secret_tag.size() + key_digits] != ' ' || line.back() != '\n' ||
        !parse_digits(line.substr(secret_tag.size(), key_digits), seed.bytes) ||
        !parse_digits(line.substr(secret_tag.size() + key_digits + 1, key_digits), beside))
        return failure{errc::damaged_header, path.string() + ": not an authority's secret key file"};
    auto key = from_seed(seed.bytes);
    if (key.public_key() != authority_public_key::from_bytes(beside))
        return failure{errc::checksum_mismatch, path.string() + ": the public key beside the secret is another's"};
    return key;
}

detailed_result<void> authority_key::save(const std::filesystem::path& path) const {
    key_text line;
    append(line, secret_tag);
    append_digits(line, std::span{secret_}.first<32>());
    append(line, " ");
    append_digits(line, std::span{secret_}.last<32>());
    append(line, "\n");
    return write_text(path, line, 0600);
}

authority_public_key authority_key::public_key() const noexcept {
    return authority_public_key::from_bytes(std::span{secret_}.last<32>());
}

authority_signature authority_key::sign(std::span<const std::byte> message) const noexcept {
    ready();
    authority_signature signature;
    crypto_sign_detached(raw(signature.data()), nullptr, raw(message.data()), message.size(), raw(secret_.data()));
    return signature;
}

}  // namespace xacthuc
