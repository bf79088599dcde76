// SPDX-License-Identifier: Apache-2.0
// A key that signs the checkpoints of logs in tests, and remembers what it has signed.
#pragma once

#include <doctest/doctest.h>
#include <sodium.h>

#include <map>
#include <memory>
#include <string>
#include <xacthuc/ledger/checkpoint.hpp>

#include "domain/octets.hpp"
#include "ledger/tile_log.hpp"

namespace xacthuc::tests {

class log_signer {
  public:
    explicit log_signer(unsigned char seed_byte = 1, std::string origin = "example.com/ledger")
        : origin_{std::move(origin)} {
        std::array<unsigned char, crypto_sign_SEEDBYTES> seed;
        seed.fill(seed_byte);
        crypto_sign_seed_keypair(octets(key_.bytes), secret_->data(), seed.data());
    }

    [[nodiscard]] const std::string& origin() const { return origin_; }
    [[nodiscard]] note_verifier verifier() const { return note_verifier::make(origin_, key_).value(); }
    [[nodiscard]] ed25519::signature sign(std::span<const std::byte> message) const {
        ed25519::signature made;
        crypto_sign_detached(octets(made.bytes), nullptr, octets(message), message.size(), secret_->data());
        return made;
    }
    // Fails the test when two roots are signed for one size.
    [[nodiscard]] log_identity identity() const {
        return {origin_, verifier(), [me = *this](std::span<const std::byte> message) {
                    const auto head =
                        parse_checkpoint({reinterpret_cast<const char*>(message.data()), message.size()}).value();
                    const auto [at, is_new] = me.signed_->try_emplace(head.size, head.root);
                    if (!is_new) REQUIRE(at->second == head.root);
                    return me.sign(message);
                }};
    }
    [[nodiscard]] const std::map<std::uint64_t, tree_hash>& signed_roots() const { return *signed_; }

  private:
    using secret_key = std::array<unsigned char, crypto_sign_SECRETKEYBYTES>;

    std::string origin_;
    public_key key_;
    std::shared_ptr<secret_key> secret_ = std::make_shared<secret_key>();
    std::shared_ptr<std::map<std::uint64_t, tree_hash>> signed_ =
        std::make_shared<std::map<std::uint64_t, tree_hash>>();
};

// Entries of different sizes, each of its own bytes.
[[nodiscard]] inline std::vector<std::byte> made_entry(std::uint64_t index, std::uint64_t salt = 0) {
    const auto text = "entry " + std::to_string(index) + ' ' + std::to_string(salt) + std::string(index % 7, '.');
    const auto bytes = std::as_bytes(std::span{text});
    return {bytes.begin(), bytes.end()};
}

inline std::uint64_t append_made(tile_log& log, std::size_t count, std::uint64_t salt = 0) {
    std::vector<std::vector<std::byte>> entries;
    for (std::size_t i = 0; i < count; ++i) entries.push_back(made_entry(log.size() + i, salt));
    const std::vector<std::span<const std::byte>> spans{entries.begin(), entries.end()};
    return log.append(spans).value();
}

}  // namespace xacthuc::tests
