// SPDX-License-Identifier: Apache-2.0
#include "registry/key_file.hpp"

#include <sodium.h>

#include <algorithm>

#include "domain/octets.hpp"
#include "domain/secret_memory.hpp"
#include "files/file.hpp"

namespace xacthuc::inline v0_1 {
namespace {

static_assert(sizeof(public_key) == crypto_sign_PUBLICKEYBYTES);
static_assert(sizeof(secret_key_bytes) == crypto_sign_SECRETKEYBYTES);

constexpr std::size_t key_digits = 2 * sizeof(public_key);
constexpr std::size_t tag_bytes_max = 64;

[[nodiscard]] constexpr std::size_t public_text_bytes(const key_file_kind& kind) {
    return kind.public_tag.size() + 1 + key_digits + 1;
}
[[nodiscard]] constexpr std::size_t secret_text_bytes(const key_file_kind& kind) {
    return kind.secret_tag.size() + 1 + key_digits + 1 + key_digits + 1;
}

// The text of a key file, in secret memory.
class key_text {
  public:
    [[nodiscard]] char* end() noexcept { return bytes_->data() + size_; }
    void grow(std::size_t more) noexcept { size_ += more; }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_->data(), size_}; }

  private:
    using room = std::array<char, tag_bytes_max + 2 * key_digits + 4>;
    std::shared_ptr<room> bytes_ = make_secret<room>();
    std::size_t size_ = 0;
};

void append_digits(key_text& text, std::span<const std::byte, 32> bytes) noexcept {
    sodium_bin2hex(text.end(), key_digits + 1, octets(bytes.data()), bytes.size());
    text.grow(key_digits);
}

void append(key_text& text, std::string_view words) noexcept {
    std::ranges::copy(words, text.end());
    text.grow(words.size());
}

[[nodiscard]] detailed_result<void> write_text(const std::filesystem::path& path, const key_text& text, unsigned mode) {
    return write_new_file(system_file_calls(), path, std::as_bytes(std::span{text.view()}), mode);
}

[[nodiscard]] detailed_result<key_text> read_text(const std::filesystem::path& path, std::size_t wanted, bool secret) {
    const auto file = open_file::to_read(system_file_calls(), path);
    if (!file) return file.error();
    const auto status = file->status();
    if (!status) return status.error();
    if (!status->is_regular) return failure{errc::damaged_header, path.string() + ": not a regular file"};
    if (secret && (status->mode & 0077U) != 0)
        return failure{errc::file_permissions,
                       path.string() + ": only its owner may have any right to a secret key; chmod 600 it"};
    if (status->size_bytes != wanted)
        return failure{errc::damaged_header, path.string() + ": a key file of this kind has " + std::to_string(wanted) +
                                                 " bytes, found " + std::to_string(status->size_bytes)};
    key_text text;
    if (auto done = file->read(std::as_writable_bytes(std::span{text.end(), wanted}), 0); !done) return done.error();
    text.grow(wanted);
    return text;
}

[[nodiscard]] failure not_of_kind(const std::filesystem::path& path, const key_file_kind& kind, const char* half) {
    return {errc::damaged_header, path.string() + ": not " + std::string{kind.whose} + ' ' + half + " key file"};
}

}  // namespace

secret_key_data key_pair_of_seed(std::span<const std::byte, 32> seed) {
    const auto key = make_secret<secret_key_bytes>();
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> unused;
    crypto_sign_seed_keypair(unused.data(), octets(key->data()), octets(seed.data()));
    return key;
}

secret_key_data new_key_pair() {
    const auto key = make_secret<secret_key_bytes>();
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> unused;
    crypto_sign_keypair(unused.data(), octets(key->data()));
    return key;
}

public_key public_half_of(const secret_key_bytes& pair) noexcept {
    public_key half;
    std::ranges::copy(std::span{pair}.last<public_key_bytes>(), half.bytes.begin());
    return half;
}

bool parse_key_digits(std::string_view digits, std::span<std::byte, 32> bytes) noexcept {
    std::size_t size = 0;
    return digits.size() == key_digits &&
           sodium_hex2bin(octets(bytes.data()), bytes.size(), digits.data(), digits.size(), nullptr, &size, nullptr) ==
               0 &&
           size == bytes.size();
}

std::string key_digits_of(std::span<const std::byte, 32> bytes) {
    key_text digits;
    append_digits(digits, bytes);
    return std::string{digits.view()};
}

detailed_result<public_key> load_public_key(const key_file_kind& kind, const std::filesystem::path& path) {
    const auto text = read_text(path, public_text_bytes(kind), false);
    if (!text) return text.error();
    const auto line = text->view();
    const auto digits = kind.public_tag.size() + 1;
    public_key key;
    if (!line.starts_with(kind.public_tag) || line[digits - 1] != ' ' || line.back() != '\n' ||
        !parse_key_digits(line.substr(digits, key_digits), key.bytes))
        return not_of_kind(path, kind, "public");
    return key;
}

detailed_result<secret_key_data> load_secret_key(const key_file_kind& kind, const std::filesystem::path& path) {
    const auto text = read_text(path, secret_text_bytes(kind), true);
    if (!text) return text.error();
    const auto line = text->view();
    const auto seed_digits = kind.secret_tag.size() + 1;
    const auto public_digits = seed_digits + key_digits + 1;
    const auto seed = make_secret<secret_key_bytes>();  // the first half of it
    public_key beside;
    const auto seed_bytes = std::span{*seed}.first<32>();
    if (!line.starts_with(kind.secret_tag) || line[seed_digits - 1] != ' ' || line[public_digits - 1] != ' ' ||
        line.back() != '\n' || !parse_key_digits(line.substr(seed_digits, key_digits), seed_bytes) ||
        !parse_key_digits(line.substr(public_digits, key_digits), beside.bytes))
        return not_of_kind(path, kind, "secret");
    const auto key = key_pair_of_seed(seed_bytes);
    if (public_half_of(*key) != beside)
        return failure{errc::checksum_mismatch, path.string() + ": the public key beside the secret is another's"};
    return key;
}

detailed_result<void> save_public_key(const key_file_kind& kind, const std::filesystem::path& path,
                                      const public_key& key) {
    key_text line;
    append(line, kind.public_tag);
    append(line, " ");
    append_digits(line, key.bytes);
    append(line, "\n");
    return write_text(path, line, 0644);
}

detailed_result<void> save_secret_key(const key_file_kind& kind, const std::filesystem::path& path,
                                      const secret_key_bytes& key) {
    key_text line;
    append(line, kind.secret_tag);
    append(line, " ");
    append_digits(line, std::span{key}.first<32>());
    append(line, " ");
    append_digits(line, std::span{key}.last<32>());
    append(line, "\n");
    return write_text(path, line, 0600);
}

}  // namespace xacthuc::inline v0_1
