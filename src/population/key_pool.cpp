// SPDX-License-Identifier: Apache-2.0
#include "population/key_pool.hpp"

#include <sodium.h>

#include <stdexcept>

#include "domain/octets.hpp"
#include "population/random_stream.hpp"

namespace xacthuc::inline v0_1 {

key_pool::key_pool(std::uint64_t seed, std::size_t size) : seed_{seed}, pairs_(size) {
    if (sodium_init() < 0) throw std::runtime_error{"libsodium does not start"};
    std::uint64_t number = 0;
    for (auto& pair : pairs_) {
        const std::array<std::uint64_t, 2> message{seed, number++};
        std::array<unsigned char, crypto_sign_SEEDBYTES> key_seed{};
        static_assert(sizeof(pair.public_key) == crypto_sign_PUBLICKEYBYTES);
        static_assert(sizeof(pair.secret_key) == crypto_sign_SECRETKEYBYTES);
        crypto_generichash(key_seed.data(), key_seed.size(), reinterpret_cast<const unsigned char*>(message.data()),
                           sizeof(message), nullptr, 0);
        crypto_sign_seed_keypair(octets(pair.public_key.bytes), pair.secret_key.data(), key_seed.data());
    }
}

std::size_t key_pool::number_for(std::uint64_t i) const noexcept {
    return scale_bits(mix_bits(seed_, i), pairs_.size());
}

}  // namespace xacthuc::inline v0_1
