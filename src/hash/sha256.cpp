// SPDX-License-Identifier: Apache-2.0
#include "hash/sha256.hpp"

#include <sodium.h>

#include <cstring>

namespace xacthuc::inline v0_1 {

sha256_hash sha256(std::span<const std::byte> bytes) noexcept {
    sha256_hash hash;
    crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return hash;
}

void sha256_leaves(const std::byte* messages, std::size_t size, std::size_t stride,
                   std::span<sha256_hash> hashes) noexcept {
    std::array<std::byte, 1 + sha256_leaf_size_max> text{};
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        std::memcpy(text.data() + 1, messages + i * stride, size);
        hashes[i] = sha256(std::span{text}.first(1 + size));
    }
}

void sha256_nodes(std::span<const sha256_hash> children, std::span<sha256_hash> parents) noexcept {
    std::array<std::byte, 1 + 2 * sizeof(sha256_hash)> text{std::byte{1}};
    for (std::size_t i = 0; i < parents.size(); ++i) {
        std::memcpy(text.data() + 1, &children[2 * i], 2 * sizeof(sha256_hash));
        parents[i] = sha256(text);
    }
}

}  // namespace xacthuc::inline v0_1
