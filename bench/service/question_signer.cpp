// SPDX-License-Identifier: Apache-2.0
#include "service/question_signer.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <chrono>
#include <fstream>

namespace xacthuc::bench {
namespace {

template <class Bytes>
[[nodiscard]] std::string base64_of(const Bytes& bytes) {
    std::array<char, 128> text;  // NOLINT: filled below
    return sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
}

}  // namespace

question_signer::question_signer(const std::filesystem::path& folder) : folder_{folder} {
    crypto_sign_keypair(public_.data(), secret_.data());
    std::array<char, 65> digits;  // NOLINT: filled below
    std::filesystem::create_directories(folder_);
    std::ofstream{folder_ / "1.pub"} << "xacthuc-signing-public-1 "
                                     << sodium_bin2hex(digits.data(), digits.size(), public_.data(), public_.size())
                                     << '\n';
}

std::string question_signer::posted(std::string_view body) const {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash;  // NOLINT: filled below
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(body.data()), body.size());
    const auto digest = "sha-256=:" + base64_of(hash) + ':';
    std::array<unsigned char, 16> nonce;  // NOLINT: filled below
    randombytes_buf(nonce.data(), nonce.size());
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto input = fmt::format(
        "(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\");created={};nonce=\"{}\";keyid=\"agency:1\"",
        std::chrono::duration_cast<std::chrono::seconds>(now).count(), base64_of(nonce));
    const auto base = fmt::format(
        "\"@method\": POST\n\"@target-uri\": http://localhost/v1/verify\n\"content-type\": application/json\n"
        "\"content-digest\": {}\n\"@signature-params\": {}",
        digest, input);
    std::array<unsigned char, crypto_sign_BYTES> made;  // NOLINT: filled below
    crypto_sign_detached(made.data(), nullptr, reinterpret_cast<const unsigned char*>(base.data()), base.size(),
                         secret_.data());
    return fmt::format(
        "POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
        "Content-Digest: {}\r\nSignature-Input: sig={}\r\nSignature: sig=:{}:\r\n\r\n{}",
        body.size(), digest, input, base64_of(made), body);
}

}  // namespace xacthuc::bench
