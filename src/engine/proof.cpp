// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <bit>
#include <cstring>
#include <string_view>
#include <xacthuc/ed25519/verify.hpp>
#include <xacthuc/engine/proof.hpp>

namespace xacthuc::inline v0_1 {
namespace {

constexpr std::string_view holder_tag = "xt-hold2";
constexpr std::string_view agency_tag = "xt-agcy1";
constexpr std::string_view batch_personal = "xacthuc-requests";
static_assert(batch_personal.size() == crypto_generichash_blake2b_PERSONALBYTES);

// Puts fields one after the other.
class message_writer {
  public:
    explicit message_writer(std::byte* to) noexcept : to_{to} {}

    void text(std::string_view bytes) noexcept { put(bytes.data(), bytes.size()); }
    template <class Bytes>
    void bytes(const Bytes& from) noexcept {
        put(from.data(), from.size());
    }
    template <class Integer>
    void number(Integer value) noexcept {
        static_assert(std::endian::native == std::endian::little, "messages are little-endian");
        put(&value, sizeof value);
    }

  private:
    void put(const void* from, std::size_t size) noexcept {
        std::memcpy(to_, from, size);
        to_ += size;
    }

    std::byte* to_;
};

}  // namespace

holder_message message_for_holder(const request& about, std::uint64_t register_fingerprint,
                                  std::int64_t issued_at_unix_ms, const proof_nonce& nonce) noexcept {
    holder_message message;
    message_writer to{message.data()};
    to.text(holder_tag);
    to.number(register_fingerprint);
    for (const auto word : about.words) to.number(word);
    to.number(issued_at_unix_ms);
    to.bytes(nonce);
    static_assert(8 + 8 + sizeof about.words + 8 + proof_nonce_bytes == holder_message_bytes);
    return message;
}

agency_message message_for_agency(std::span<const request> batch, std::uint16_t agency, std::int64_t issued_at_unix_ms,
                                  const proof_nonce& nonce) noexcept {
    std::array<std::uint8_t, 32> hash;
    crypto_generichash_blake2b_salt_personal(
        hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(batch.data()), batch.size_bytes(), nullptr, 0,
        nullptr, reinterpret_cast<const unsigned char*>(batch_personal.data()));
    agency_message message;
    message_writer to{message.data()};
    to.text(agency_tag);
    to.number(agency);
    to.number(std::uint64_t{batch.size()});
    to.number(issued_at_unix_ms);
    to.bytes(nonce);
    to.bytes(hash);
    static_assert(8 + 2 + 8 + 8 + proof_nonce_bytes + hash.size() == agency_message_bytes);
    return message;
}

outcome check_proof_time(std::int64_t issued_at_unix_ms, const proof_options& options) noexcept {
    if (!options.now_unix_ms) return outcome::verified;
    const auto now = *options.now_unix_ms;
    // Of any two times: the difference of the larger and the smaller fits into 64 bits without a sign.
    const auto apart = [](std::int64_t later, std::int64_t earlier) {
        return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
    };
    if (issued_at_unix_ms > now)
        return apart(issued_at_unix_ms, now) > static_cast<std::uint64_t>(options.max_ahead_ms)
                   ? outcome::proof_not_yet_valid
                   : outcome::verified;
    return apart(now, issued_at_unix_ms) > static_cast<std::uint64_t>(options.max_age_ms) ? outcome::proof_expired
                                                                                          : outcome::verified;
}

outcome check_agency_proof(std::span<const request> batch, const agency_proof& given, const agency_keys& keys,
                           const proof_options& options) {
    const auto proof = given;  // whose memory may change
    if (const auto in_time = check_proof_time(proof.issued_at_unix_ms, options); in_time != outcome::verified)
        return in_time;
    const auto registered = keys.find(proof.agency);
    if (registered.revoked) return outcome::key_revoked;
    if (registered.key == nullptr) return outcome::no_key_registered;
    const auto message = message_for_agency(batch, proof.agency, proof.issued_at_unix_ms, proof.nonce);
    return ed25519::verify(*registered.key, message, proof.signature) ? outcome::verified : outcome::bad_signature;
}

}  // namespace xacthuc::inline v0_1
