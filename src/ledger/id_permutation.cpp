// SPDX-License-Identifier: Apache-2.0
#include "ledger/id_permutation.hpp"

#include <sodium.h>

#include "ledger/little_endian.hpp"

namespace xacthuc::inline v0_1 {

id_permutation::id_permutation(std::span<const std::byte, secret_bytes> secret) noexcept {
    static_assert(secret_bytes == crypto_stream_chacha20_KEYBYTES);
    constexpr std::array<unsigned char, crypto_stream_chacha20_NONCEBYTES> nonce{};
    std::array<unsigned char, sizeof(rounds_)> stream;
    crypto_stream_chacha20(stream.data(), stream.size(), nonce.data(),
                           reinterpret_cast<const unsigned char*>(secret.data()));
    const auto* at = reinterpret_cast<const std::byte*>(stream.data());
    for (auto& each : rounds_) {
        each = {load_little(at, 8), load_little(at + 8, 8) | 1U, load_little(at + 16, 8) | 1U};
        at += sizeof(round);
    }
    sodium_memzero(stream.data(), stream.size());
}

}  // namespace xacthuc::inline v0_1
